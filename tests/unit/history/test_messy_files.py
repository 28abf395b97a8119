"""Spreadsheets as people keep them: titles, merged headings, several sheets, sums below, blanks within."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from integration.history.models import Import, ImportRow, RowState
from integration.history.rules import Cell, as_day, plain
from integration.kernel.database import DbSession
from tests.factories.spreadsheets import Town, check, plant_town

CSV = """Kulttuurikahvilan kävijät;;;

Pvm;Klo;Toiminta;Kävijät;Muuta
ma 6.2.2023;17.00;Kulttuurikahvila;1\u00a0234;x
7.2.2023;;Kulttuurikahvila;12,0;
7.2.2023;;Kulttuurikahvila;13;
;;;;
8.2.2023;;Kulttuurikahvila;#REF!;
Yhteensä;;;1 259;
;;;1 259;
"""


@pytest.fixture
def town(db_session: DbSession) -> Town:
    """A programme with one café."""
    return plant_town(db_session)


def told(db_session: DbSession, number: int) -> dict[int, list[tuple[str, str]]]:
    """What is wrong, by the rows' numbers."""
    rows = db_session.scalars(sa.select(ImportRow).where(ImportRow.import_id == number))
    wrong = [each for each in rows if each.state is RowState.WRONG]
    return {each.number: [(one["column"], one["code"]) for one in each.facts["problems"]] for each in wrong}


def preview(db_session: DbSession, number: int) -> dict[str, Any]:
    """What the dry run found."""
    found = db_session.get_one(Import, number)
    assert found.preview is not None, found.problem
    return found.preview


def test_a_list_with_a_title_blanks_and_sums(app: Flask, db_session: DbSession, town: Town) -> None:
    number = check(app, town.programme, CSV.replace("\n", "\r\n").encode("cp1252"))
    assert told(db_session, number) == {
        6: [("on", "twice")],
        8: [("visits", "formula")],
        9: [("on", "sum_row")],
        10: [("visits", "sum_row")],
    }
    assert preview(db_session, number)["columns"]["visits"] == [3, "Kävijät"]


def workbook() -> bytes:
    """A cover, two years with headings of two merged rows, and a hidden sheet."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "Försättsblad"
    for year in (2023, 2024):
        sheet = book.create_sheet(str(year))
        sheet["A1"] = f"Besök {year}"
        sheet.merge_cells("A1:E1")
        sheet.append(["Datum", "Aktivitet", "Deltagare", None, "Anteckning"])
        sheet.append([None, None, "Vuxna", "Barn"])
        sheet.merge_cells("C2:D2")
        sheet.append([date(year, 2, 1), "Kulturkafé", 10, 4, "dold"])
        sheet.column_dimensions["E"].hidden = True
        sheet.append([date(year, 2, 2), "kulturkafé", "=1+1", "fyra"])
    book.copy_worksheet(book["2024"]).sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named(
    app: Flask, db_session: DbSession, town: Town
) -> None:
    number = check(app, town.programme, workbook(), "besök.xlsx")
    found = preview(db_session, number)
    assert (found["sheet"], found["sheets"]) == ("2023", ["2024"])
    assert told(db_session, number) == {5: [("children", "number")]}
    row = db_session.scalars(sa.select(ImportRow).where(ImportRow.state == RowState.NEW)).one()
    assert (row.number, row.facts["adults"], row.facts["children"]) == (4, 10, 4)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("Rapport;\nDatum;Besök\n1.1.2023;5", {"reason": "missing", "columns": ["activity"], "headings": [], "row": 2}),
        (
            "Datum;Aktivitet;Besök;Deltagare\n1.1.2023;x;5;5",
            {"reason": "twice", "columns": [], "headings": [[2, "Besök"], [3, "Deltagare"]], "row": 1},
        ),
    ],
)
def test_headings_that_do_not_do_are_named_with_their_row(
    app: Flask, db_session: DbSession, town: Town, rows: str, problem: dict[str, Any]
) -> None:
    assert db_session.get_one(Import, check(app, town.programme, rows.encode())).problem == problem


@pytest.mark.parametrize("text", ["pe 24.11.2023", "fre. 24.11.2023", "Perjantai 24.11.2023"])
def test_a_weekday_may_stand_before_a_date(text: str) -> None:
    assert as_day(Cell(text)) == date(2023, 11, 24)


def test_a_title_with_soft_hyphens_is_found_as_people_type_it() -> None:
    assert plain("Kulttuuri\u00adkahvila") == plain("kulttuurikahvila")
