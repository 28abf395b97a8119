"""Reading a spreadsheet's rows one by one, whoever wrote it: XLSX, or CSV as Excel in Finland and Sweden saves it."""

from __future__ import annotations

import codecs
import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError

from integration.history.errors import FileRefused
from integration.history.rules import EMPTY, FIT, Cell, heading_rank
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
MOST_SHEETS = 30
TOP = 20
"""Rows among which the headings are looked for: people write a title above them."""
SHORT = 1024
PIECE = 64 * 1024

Row = tuple[int, list[Cell]]
"""The row's number in the spreadsheet, as Excel shows it, and its cells."""

_BROKEN = (
    *(AttributeError, EOFError, ImportError, IndexError, KeyError, LookupError, NotImplementedError, OSError),
    *(OverflowError, RecursionError, RuntimeError, TypeError, ValueError, csv.Error, struct.error, zipfile.BadZipFile),
    *(zlib.error, ParseError),
)
"""What a damaged file can make of the libraries that read it; openpyxl's own comes to it once openpyxl is needed."""


def _broken() -> tuple[type[Exception], ...]:
    return (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file: its rows that hold anything, the headings first."""

    rows: Iterator[Row]
    sheet: str | None = None
    """The sheet that it stands on; None in a text file."""
    others: tuple[str, ...] = ()
    """Further sheets that hold such a table, and are not read."""


@contextmanager
def table_in(content: bytes) -> Iterator[Table]:
    """Find the table by its headings, below a title or on a later sheet too; raises FileRefused, also on the way.

    Where no headings fit, the best ones stand first, and whoever reads them says what they lack.
    """
    with ExitStack() as stack:
        sheets = _workbook(stack, content) if content.startswith(b"PK") else [Sheet(None, lambda: _csv_rows(content))]
        ranked = [(_rank(each), each) for each in sheets] if len(sheets) > 1 else [(FIT, sheets[0])]
        fitting = [each for rank, each in ranked if rank >= FIT]
        chosen = fitting[0] if fitting else max(ranked, key=lambda each: each[0])[1]
        rows = _guarded(chosen.rows)
        stack.callback(rows.close)
        top, place, heading = _top(rows)
        below = chain([heading, *top[place + 1 :]] if top else [], rows)
        yield Table(below, chosen.name, tuple(each.name or "" for each in fitting[1:]))


class Sheet(NamedTuple):
    """One sheet, and how to read it from its first row."""

    name: str | None
    rows: Callable[[], Iterator[Row]]


def _rank(sheet: Sheet) -> int:
    with closing(_guarded(sheet.rows)) as rows:
        return _rank_of(_top(rows)[2])


def _rank_of(row: Row) -> int:
    return heading_rank([each.text for each in row[1]])


def _top(rows: Iterator[Row]) -> tuple[list[Row], int, Row]:
    """The first rows, where the headings end among them, and what they are. Merged cells make two rows of them."""
    top = list(islice(rows, TOP))
    best, found = 0, (0, top[0] if top else (0, []))
    for place, row in enumerate(top):
        for candidate in (row, _together(top[place - 1], row) if place else row):
            rank = _rank_of(candidate)
            if rank > best:
                best, found = rank, (place, candidate)
    return top, *found


def _together(above: Row, below: Row) -> Row:
    """Two rows of headings as one: what stands lower says it better; (0, []) if they do not touch."""
    if above[0] != below[0] - 1:
        return 0, []
    cells = zip_longest(below[1], above[1], fillvalue=EMPTY)
    return below[0], [low if low.text else high for low, high in cells]


def _guarded(read: Callable[[], Iterator[Row]]) -> Generator[Row, None, None]:
    """The rows that hold anything; whatever a damaged file does to those who read it becomes one refusal."""
    blank = 0
    try:
        for number, cells in read():
            blank = 0 if any(cell.text for cell in cells) else blank + 1
            if blank > MOST_BLANK:
                return
            if blank:
                continue
            if number > MOST_ROWS + TOP:
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


def _workbook(stack: ExitStack, content: bytes) -> list[Sheet]:
    """The sheets that can be seen. A formula counts as what Excel last computed; nothing is ever computed here."""
    _check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except _broken() as error:
        raise FileRefused("broken") from error
    stack.enter_context(closing(book))
    seen = [each for each in book.worksheets if each.sheet_state == "visible"] or book.worksheets
    if not seen:
        raise FileRefused("empty")
    return [Sheet(each.title, partial(_sheet_rows, each)) for each in seen[:MOST_SHEETS]]


def _sheet_rows(sheet: Any) -> Iterator[Row]:
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
