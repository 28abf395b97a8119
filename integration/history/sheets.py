"""Reading a spreadsheet's rows one by one, whoever wrote it: XLSX, or CSV as Excel in Finland and Sweden saves it."""

from __future__ import annotations

import codecs
import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from integration.history.errors import FileRefused
from integration.history.rules import Cell
from integration.kernel.lazy import Later

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Later("openpyxl")

LARGEST = 12 * 1024 * 1024
"""Bytes of a file: 50,000 rows are a third of it."""
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_TEXTS = 64 * 1024 * 1024
"""Bytes of an XLSX file's table of texts, the one part that has to be held in memory."""
MOST_PARTS = 500
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_BLANK = 1000
"""Blank rows after which a sheet is over: some programs write a million of them."""
SHORT = 1024
PIECE = 64 * 1024

Row = tuple[int, list[Cell]]
"""The row's number in the spreadsheet, its heading being 1, and its cells."""

_BROKEN = (
    *(AttributeError, EOFError, ImportError, IndexError, KeyError, LookupError, NotImplementedError, OSError),
    *(OverflowError, RecursionError, RuntimeError, TypeError, ValueError, csv.Error, struct.error, zipfile.BadZipFile),
    *(zlib.error, ParseError),
)
"""What a damaged file can make of the libraries that read it; openpyxl's own comes to it once openpyxl is needed."""


def _broken() -> tuple[type[Exception], ...]:
    return (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException)


@contextmanager
def rows_in(content: bytes) -> Iterator[Iterator[Row]]:
    """The file's rows that hold anything, the heading first; raises FileRefused, also on the way."""
    rows = _rows(content)
    try:
        yield rows
    finally:
        rows.close()


def _rows(content: bytes) -> Generator[Row, None, None]:
    rows = _workbook_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    blank = 0
    try:
        for number, cells in rows:
            blank = 0 if any(cell.text for cell in cells) else blank + 1
            if blank > MOST_BLANK:
                return
            if blank:
                continue
            if number > MOST_ROWS + 1:
                raise FileRefused("rows", most=MOST_ROWS)
            yield number, cells
    except FileRefused:
        raise
    except _broken() as error:
        raise FileRefused("broken") from error


def how_many_rows(content: bytes) -> int:
    """About how many rows there are, for a progress bar; 0 when nobody can say beforehand."""
    if not content.startswith(b"PK"):
        return max(content.count(b"\n"), content.count(b"\r"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("xl/worksheets/sheet1.xml") as part:
            head = part.read(4096).decode("utf-8", "replace")
    except _broken():
        return 0
    last = head.partition('<dimension ref="')[2].partition('"')[0].rpartition(":")[2]
    digits = "".join(each for each in last if each.isdigit())
    return min(int(digits), MOST_ROWS) if digits and len(digits) < 8 else 0


def _csv_rows(content: bytes) -> Iterator[Row]:
    lines = io.TextIOWrapper(io.BytesIO(content), _encoding(content), "replace", newline="")
    first = lines.readline().strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        delimiter, skipped = first[4], 1
    else:
        delimiter, skipped = max(";\t,", key=first.count), 0
        lines.seek(0)
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1 + skipped):
        yield number, [Cell(each) for each in cells[:MOST_COLUMNS]]


def _encoding(content: bytes) -> str:
    """How a CSV file is written: UTF-8 (with BOM or without), UTF-16 as "Unicode text", else cp1252."""
    if not content.strip():
        raise FileRefused("empty")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("old_excel")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in content or content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")):
        raise FileRefused("kind")
    try:
        for _piece in codecs.iterdecode((content[at : at + PIECE] for at in range(0, len(content), PIECE)), "utf-8"):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _workbook_rows(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet. A formula counts as what Excel last computed; nothing is ever computed here."""
    _check_archive(content)
    with closing(openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)) as book:
        if not book.worksheets:
            raise FileRefused("empty")
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            yield number, _cells(cells)


def _cells(cells: Iterable[Any]) -> list[Cell]:
    read = [Cell(each.value, _is_percent(each)) for each in cells]
    while read and read[-1].value is None:
        read.pop()
    return read


def _is_percent(cell: Any) -> bool:
    return isinstance(cell.value, float) and "%" in (cell.number_format or "")


def _check_archive(content: bytes) -> None:
    """Refuse what is no workbook, or would not fit into memory when unpacked, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {each.filename for each in parts}
            if "xl/workbook.xml" not in names:
                raise FileRefused("kind")
            unpacked = sum(each.file_size for each in parts)
            texts = sum(each.file_size for each in parts if each.filename.endswith("sharedStrings.xml"))
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or texts > LARGEST_TEXTS:
                raise FileRefused("bomb")
            for each in parts:
                if each.filename.endswith((".xml", ".rels")):
                    _check_part(archive, each)
    except _broken() as error:
        raise FileRefused("broken") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No workbook declares entities of its own; they are how a small file becomes an endless one."""
    with archive.open(part) as opened:
        if b"<!DOCTYPE" in opened.read(SHORT).upper():
            raise FileRefused("broken")
