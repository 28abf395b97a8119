"""Reading one cell: dates, whole numbers, values and lists, as Excel in Finland writes them or as text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

LONGEST = 500
"""Characters of a cell; longer ones are a mistake, such as a whole table pasted into one."""
MOST_PEOPLE = 100_000
MOST = 2_000_000_000
FIRST_DAY = date(1899, 12, 30)
"""Excel's day 0 for days after February 1900."""
FIRST_SERIAL, LAST_SERIAL = 36526, 73415
"""2000-01-01 and 2100-12-31 as Excel counts days."""

_WEEKDAYS = (
    "maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai|ma|ti|ke|to|pe|la|su|"
    "måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mån|må|tis|ons|on|tors|tor|fre|fr|lör|lö|sön|sö"
)
_DAY = re.compile(
    rf"(?:(?:{_WEEKDAYS})\.?,?\s)?(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}})(?:\s+0?0[.:]00(?:[.:]00)?)?", re.IGNORECASE
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_CLOCK = re.compile(r"(?:kl\.?|klo)?\s*(\d{1,2})(?:[.:](\d{2}))?(?::00)?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3}(?:\D|$))")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Unreadable(ValueError):
    """The cell holds something else than what its column asks for; the argument is the code of what is wrong."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a spreadsheet holds in one place: text, or the number or moment that it was typed as."""

    value: str | int | float | bool | date | datetime | time | None
    percent: bool = False
    """Shown as a share: 0.45 reads 45 %."""

    @property
    def text(self) -> str:
        """The cell as somebody would type it."""
        return tidy(shown(self.value))


class Value(NamedTuple):
    """What a yearly total says: a whole number, a share of something, or the day a milestone was reached."""

    number: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    on: date | None = None


EMPTY = Cell(None)


def tidy(text: str) -> str:
    """A text without unseen characters, composed, with single blanks."""
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly every cell: half a million in a large file
        return text.strip()
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


def shown(value: object) -> str:
    """A cell's value as text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def as_day(cell: Cell) -> date:
    """A date: a date cell, 1.1.2023, 2023-01-01, or the number by which Excel counts days."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = cell.text
    if found := _DAY.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if _NUMBER.fullmatch(text):
        serial = float(text.replace(",", "."))
        if FIRST_SERIAL <= serial <= LAST_SERIAL:
            return FIRST_DAY + timedelta(days=int(serial))
    raise Unreadable("day")


def as_clock(cell: Cell) -> time | None:
    """A time of day; None when the cell is empty. Excel keeps times as shares of a day."""
    value = cell.value
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = cell.text
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Unreadable("time")
    return time(int(found[1]), int(found[2] or 0))


def as_people(cell: Cell) -> int | None:
    """How many people; None when the cell is empty: that is not nought."""
    if not cell.text:
        return None
    number = _whole(cell)
    if number < 0:
        raise Unreadable("negative")
    if number > MOST_PEOPLE:
        raise Unreadable("many")
    return number


def as_year(cell: Cell) -> int:
    """A year of four digits; a date cell of that year will do."""
    if isinstance(cell.value, datetime | date):
        return cell.value.year
    text = cell.text
    if not re.fullmatch(r"20\d\d", text):
        raise Unreadable("year")
    return int(text)


def as_value(cell: Cell, unit: str, *, milestone: bool) -> Value:
    """A yearly total in its indicator's unit. Of a share: 45 %, 45, or 9/20."""
    if not cell.text:
        raise Unreadable("empty")
    if milestone:
        return Value(on=as_day(cell))
    if unit == "share":
        return _share(cell)
    number = _whole(cell)
    if number < 0:
        raise Unreadable("negative")
    if number > MOST:
        raise Unreadable("many")
    return Value(number)


def as_list(cell: Cell) -> tuple[str, ...]:
    """Several words or names in one cell, parted by commas, semicolons, plus signs or new lines; each once."""
    raw = _UNSEEN.sub("", shown(cell.value))
    parts = (tidy(part) for part in re.split(r"[,;\n\r+]", raw))
    return tuple(dict.fromkeys(part for part in parts if part))


def _share(cell: Cell) -> Value:
    if cell.percent and isinstance(cell.value, int | float):
        return Value(_percent(round(cell.value * 100)))
    text = cell.text
    if found := re.fullmatch(r"(\d{1,9})\s*/\s*(\d{1,9})", text):
        part, whole = int(found[1]), int(found[2])
        if part > whole or not whole:
            raise Unreadable("share")
        return Value(numerator=part, denominator=whole)
    bare = text.removesuffix("%").strip()
    number = _decimal(Cell(bare))
    if not text.endswith("%") and 0 < number < 1:
        raise Unreadable("share")
    return Value(_percent(round(number)))


def _percent(number: int) -> int:
    if not 0 <= number <= 100:
        raise Unreadable("share")
    return number


def _whole(cell: Cell) -> int:
    number = _decimal(cell)
    if number != int(number):
        raise Unreadable("whole")
    return int(number)


def _decimal(cell: Cell) -> float:
    value = cell.value
    if isinstance(value, bool):
        raise Unreadable("number")
    if isinstance(value, int | float):
        if value != value or abs(value) > MOST * 10:
            raise Unreadable("number")
        return value
    text = _GROUPED.sub("", tidy(shown(value)))
    if text.startswith("#"):
        raise Unreadable("formula")
    if not _NUMBER.fullmatch(text) or len(text) > 15:
        raise Unreadable("number")
    return float(text.replace(",", "."))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("day") from None
