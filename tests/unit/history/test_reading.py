"""What a spreadsheet's cells and files mean: dates, numbers, headings, and files that are none."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.history.errors import FileRefused
from integration.history.models import Contents
from integration.history.rules import (
    COLUMNS,
    Cell,
    Unreadable,
    Value,
    as_clock,
    as_day,
    as_people,
    as_value,
    find_columns,
    guess_contents,
)
from integration.history.sheets import table_in
from tests.factories.spreadsheets import csv_of, xlsx_of


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_date_is_one_however_it_is_written(on: date) -> None:
    serial = (on - date(1899, 12, 30)).days
    ways = (f"{on.day}.{on.month}.{on.year}", f"{on:%d.%m.%Y}", on.isoformat(), str(serial))
    assert {as_day(Cell(each)) for each in (*ways, serial, float(serial), on, datetime.combine(on, time(9)))} == {on}


@pytest.mark.parametrize("text", ["31.2.2023", "1/2/2023", "1.2.23", "13", "igår", "", "2023-13-01", "1.2.2023 kl 9"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        as_day(Cell(text))


@given(st.integers(0, 100_000))
def test_people_are_whole_numbers_with_or_without_blanks(number: int) -> None:
    grouped = f"{number:,}"
    ways = (
        number,
        float(number),
        str(number),
        f"{number},0",
        grouped.replace(",", " "),
        grouped.replace(",", "\u00a0"),
    )
    assert {as_people(Cell(each)) for each in ways} == {number}


@pytest.mark.parametrize("value", ["3,5", 3.5, "-1", "två", True, "1e3", "=1+1", "100001", float("nan"), "٣" * 20])
def test_what_is_no_number_of_people_is_told(value: Any) -> None:
    with pytest.raises(Unreadable):
        as_people(Cell(value))


def test_empty_is_not_nought() -> None:
    assert as_people(Cell("")) is None and as_people(Cell(" 0 ")) == 0


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell("45 %"), Value(45)),
        (Cell("45"), Value(45)),
        (Cell(0.45, percent=True), Value(45)),
        (Cell("9/20"), Value(numerator=9, denominator=20)),
    ],
)
def test_a_share_is_read_in_each_of_its_spellings(cell: Cell, value: Value) -> None:
    assert as_value(cell, "share", milestone=False) == value


@pytest.mark.parametrize("text", ["0,45", "101 %", "21/20", "1/0"])
def test_a_share_that_can_mean_two_things_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        as_value(Cell(text), "share", milestone=False)


def test_times_are_read_as_people_and_excel_write_them() -> None:
    ways = ("17:30", "17.30", "kl. 17:30", "klo 17.30", time(17, 30), 17.5 / 24)
    assert {as_clock(Cell(each)) for each in ways} == {time(17, 30)}


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
@pytest.mark.parametrize("contents", list(Contents))
def test_headings_of_every_language_are_known(contents: Contents, language: str) -> None:
    heads = [each.heading(language).upper() for each in COLUMNS[contents]]
    assert guess_contents(heads) is contents
    assert len(find_columns(contents, heads).places) == len(heads)


def test_a_heading_that_stands_twice_is_told() -> None:
    assert find_columns(Contents.SESSIONS, ["Datum", "Besök", "Visits", "Activity"]).twice == ("visits",)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_every_encoding_that_excel_writes(encoding: str) -> None:
    with table_in(csv_of([("1.1.2023", "Kafé på ön", "Ä")], encoding=encoding)) as table:
        (_one, _heads), (number, cells) = table.rows
    assert (number, [each.text for each in cells]) == (2, ["1.1.2023", "Kafé på ön", "Ä"])


def zipped(**parts: bytes) -> bytes:
    """An archive with these parts; two underscores are a slash, one before the ending is a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


BOOK = b"<workbook/>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_excel"),
        (b"%PDF-1.7 ...", "kind"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "kind"),
        (b"a;b\x00;c", "kind"),
        (b"   \r\n ", "empty"),
        (b"PK\x03\x04 broken", "broken"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "kind"),
        (zipped(xl__workbook_xml=BOOK), "broken"),
        (zipped(xl__workbook_xml=ENTITY), "broken"),
        (zipped(xl__workbook_xml=BOOK, xl__sharedStrings_xml=b" " * (65 * 1024 * 1024)), "bomb"),
        (xlsx_of([(1, 2)])[:-200], "broken"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as refusal, table_in(content) as table:
        list(table.rows)
    assert refusal.value.reason == reason


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_stumble(content: bytes) -> None:
    try:
        with table_in(content) as table:
            list(table.rows)
    except FileRefused:
        pass
