"""What anybody can read of a small city's figures: the pages, open data, and every file of an edition."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import html5lib
import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.queries import programme_outline
from integration.report.models import ReportKind
from integration.report.queries import next_number
from integration.report.services import files_of, freeze, order_edition
from tests.factories.small_city import YEAR, City, meter_of
from tests.giving_away import LEAST, Place, Seen, Sort
from tests.paper import words
from tests.paper_tables import alternatives, tables

Table = list[list[str]]
ROWS = {
    "Visits": "visits",
    "Different people, at least": "persons",
    "Visits tied to a card": "tied",
    "Children among the visits": "children",
}
"""The rows of a line's table in a report, which a main indicator's result stands above."""
MEASURES = {"visits": "visits", "unique": "persons", "held": "held"}
STANDINGS = {"suppressed": "<5", "withheld": "not shown"}
EDITOR = 5
SOURCES = "How the visits were counted:"


def look(app: Flask, client: FlaskClient, db_session: DbSession, city: City) -> Seen:
    """Read every surface; an edition is published and read as well."""
    seen = Seen(tuple(sorted({sort for sort, _session in city.sessions}, key=str)))
    read_data(client.get(f"/api/v1/programmes/{city.programme.slug}/indicators.json").get_json(), seen, city)
    read_totals(_tables(client.get(f"/en/programmes/{city.programme.slug}").get_data(as_text=True)), seen, city)
    for line in lines_of(db_session, city):
        address = f"/en/programmes/{city.programme.slug}/indicators/{line}?year={YEAR}"
        read_line(client.get(address).get_data(as_text=True), seen, _place(line, city), city)
    read_edition(app, db_session, seen, city)
    return seen


def lines_of(db_session: DbSession, city: City) -> list[str]:
    """The slugs of the programme's lines, in its order."""
    outline = programme_outline(db_session, city.programme.id)
    assert outline is not None
    return [line.slug for line in outline.lines]


def _place(slug: str, city: City) -> Place:
    """What a line's or an indicator's sessions are, by the last word of its name."""
    where = slug.rsplit("-", 1)[-1]
    named = {"training": city.place(0, "training"), "whole": city.place(-1)}
    return named[where] if where in named else city.place(int(where))


def _tables(page: str) -> list[Table]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return [[_cells(row) for row in table.iter("tr")] for table in tree.iter("table")]


def _cells(row: Any) -> list[str]:
    return [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("td", "th")]


def read_totals(found: Iterable[Table], seen: Seen, city: City) -> None:
    """All the sessions together, wherever that table stands."""
    for table in found:
        for row in table:
            if len(row) == 4 and row[0] == str(YEAR):
                for name, text in zip(("held", "visits", "persons"), row[1:], strict=True):
                    seen.add(name, city.place(-1), text)


def read_line(page: str, seen: Seen, place: Place, city: City) -> None:
    """The table of a line, its mix of sources, and its list of sessions."""
    for row in (row for table in _tables(page) for row in table):
        if len(row) == 10 and row[0] == str(YEAR):
            seen.add_result("visits", place, row[2])
            for name, text in zip(("visits", "persons", "tied", "children"), row[3:7], strict=True):
                seen.add(name, place, text)
    mix = re.search(rf'id="sources".*?aria-label="{YEAR}: ([^"]*)"', page, re.DOTALL)
    if mix:
        _add_mix(mix[1], seen, place)
    if place == city.place(-1):
        listed = dict(re.findall(r"/sessions/([A-Za-z0-9]+)\".*?<td class=\"num\">(\d+)</td>", page))
        for sort, number in _ordinary(city, listed):
            seen.ordinary[sort] = seen.ordinary.get(sort, 0) + number


def _ordinary(city: City, listed: Mapping[str, str]) -> Iterator[tuple[Sort, int]]:
    return ((sort, int(listed[session.key])) for sort, session in city.sessions if not sort.sensitive)


def _add_mix(mix: str, seen: Seen, place: Place) -> None:
    scanned = re.search(r"scanned\D*(\d+)", mix, re.IGNORECASE)
    seen.add("scanned", place, scanned[1] if scanned else "0")


def read_data(document: Any, seen: Seen, city: City) -> None:
    """Open data as JSON."""
    for each in document["indicators"]:
        (year,) = each["years"]
        read_row({**year, "indicator": each["indicator"], "measure": each["measure"]}, seen, city)


def read_rows(rows: Iterable[Mapping[str, Any]], seen: Seen, city: City) -> None:
    """Open data as a table, from CSV or a sheet."""
    for row in rows:
        read_row({name: value if value != "" else None for name, value in row.items()}, seen, city)


def read_row(row: Mapping[str, Any], seen: Seen, city: City) -> None:
    """An indicator's year: whatever number stands in it is read, whatever is said of it."""
    name, place = MEASURES[row["measure"]], _place(row["indicator"], city)
    if row["stage"] == "locked":
        seen.locked.add((name, place))
    text = STANDINGS.get(row["standing"], "nothing")
    if row["value"] is not None:
        text = str(row["value"])
    elif row["at_least"] is not None:
        text = f"{LEAST}{row['at_least']}"
    seen.add_result(name, place, text)
    if row["now"] is not None:
        seen.add(name, place, str(row["now"]))


def read_edition(app: Flask, db_session: DbSession, seen: Seen, city: City) -> None:
    """An edition is published and its files are read, in one language: its numbers are the same in all."""
    outline = programme_outline(db_session, city.programme.id)
    assert outline is not None
    kind, lines, now = ReportKind.ANNUAL, [line.slug for line in outline.lines], utc_now()
    with app.app_context():
        number = next_number(db_session, outline.id, kind, YEAR)
        order = order_edition(db_session, outline, kind, YEAR, number=number, account_id=EDITOR, now=now)
        words = {"en": order.manuscript["words"]["en"]}
        order.manuscript = {**order.manuscript, "words": words}
        made = files_of(order)
        freeze(db_session, order, made, now)
    db_session.commit()
    files = {each.name.rpartition(".")[2]: each.content for each in made}
    read_data(json.loads(files["json"]), seen, city)
    read_rows(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")), seen, city)
    read_workbook(files["xlsx"], seen, city)
    read_page(files["html"].decode(), lines, seen, city)
    read_paper(files["pdf"], lines, seen, city)


def read_workbook(content: bytes, seen: Seen, city: City) -> None:
    """The sheet of figures, which is the CSV, and the sums."""
    figures, sums, _missing = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    head, *rows = figures.iter_rows(values_only=True)
    read_rows((dict(zip(head, row, strict=True)) for row in rows), seen, city)
    read_totals([[[str(cell) for cell in row] for row in sums.iter_rows(values_only=True)]], seen, city)


def read_page(page: str, lines: list[str], seen: Seen, city: City) -> None:
    """The report as a page: its tables, what its charts say in words, and how the visits were counted."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    spoken = [each.get("aria-label", "") for each in tree.iter("div") if each.get("role") == "img"]
    _read_report(_tables(page), spoken, lines, seen, city)
    _read_mixes(" ".join(" ".join(tree.itertext()).split()), lines, seen, city)


def read_paper(pdf: bytes, lines: list[str], seen: Seen, city: City) -> None:
    """The same of the PDF, as it is tagged."""
    _logo, *spoken = alternatives(pdf)
    _read_report(tables(pdf), spoken, lines, seen, city)
    _read_mixes(words(pdf), lines, seen, city)


def _read_report(found: list[Table], spoken: list[str], lines: list[str], seen: Seen, city: City) -> None:
    read_totals(found, seen, city)
    by_line = [table for table in found if table[0] == ["Year", str(YEAR)]]
    for line, table, said in zip(lines, by_line, spoken, strict=True):
        place, rows = _place(line, city), dict(table)
        seen.add_result("visits", place, rows["Result"])
        seen.add_result("visits", place, said.removeprefix(f"{YEAR}: ").replace("fewer than 5", "<5"))
        for row, name in ROWS.items():
            if row in rows:
                seen.add(name, place, rows[row])


def _read_mixes(text: str, lines: list[str], seen: Seen, city: City) -> None:
    """What stands of the sources between one line's own words and the next one's."""
    starts = [text.index(meter_of(line)) for line in lines]
    for line, start, end in zip(lines, starts, [*starts[1:], len(text)], strict=True):
        _before, _sources, mix = text[start:end].partition(SOURCES)
        if mix:
            _add_mix(mix, seen, _place(line, city))
