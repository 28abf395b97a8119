"""One line of a batch: what a device tells of one event at the door, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from integration.checkin.models import ScanKind

MOST_SCANS = 2000
MOST_PEOPLE = 99
MOST_HEADS = 9999
AGE_GROUPS = ("0-6", "7-12", "13-17")
ADULTS, CHILDREN = "adults", "children"

CLOCK_IS_RIGHT = timedelta(minutes=2)
"""A device whose clock differs by less has been on its way for a moment; nothing is corrected."""
MOST_OFFSET = 2_000_000_000
"""Seconds: some sixty years, what the column holds."""

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class People(NamedTuple):
    """Adults and children."""

    adults: int = 0
    children: int = 0

    @property
    def total(self) -> int:
        """Everybody."""
        return self.adults + self.children


NOBODY = People()


class Fact(NamedTuple):
    """One scan as its device tells it. ``whole``: a card without numbers, which means all of its household."""

    id: str
    kind: ScanKind
    digest: str
    whole: bool
    arriving: People
    beyond: People
    undoes: str | None
    """The scan that this one takes back, or (a card) whose people it says it is."""
    scanned_at: datetime
    believed_at: datetime
    """``scanned_at`` by our clock, if the device told how far its own is off."""
    clock_offset: int | None = None
    age_group: str | None = None


def categories(by_age: bool) -> tuple[str, ...]:
    """What people without names are counted as: children by age where the activity asks it."""
    return (ADULTS, *AGE_GROUPS) if by_age else (ADULTS, CHILDREN)


def category_people(category: str, number: int = 1) -> tuple[People, str | None]:
    """So many of a category, and their age group if it is one. Raise KeyError for a word that is no category."""
    if category not in (ADULTS, CHILDREN, *AGE_GROUPS):
        raise KeyError(category)
    people = People(number, 0) if category == ADULTS else People(0, number)
    return people, category if category in AGE_GROUPS else None


def arrival_within(places: People | None, came: People) -> tuple[People, People]:
    """Those of a household that came within its places, and those beyond; adults fill the places first."""
    if places is None:
        return came, NOBODY
    adults = min(came.adults, places.total)
    children = min(came.children, places.total - adults)
    return People(adults, children), People(came.adults - adults, came.children - children)


class Malformed(Exception):
    """A line of a batch that cannot be read; ``reason`` is for the one who writes the client."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clock_offset(device_time: str | None, now: datetime) -> int | None:
    """By how many seconds the device's clock is behind ours, by its ``Device-Time`` header; None if it does not say."""
    if not device_time:
        return None
    try:
        seconds = round((now - _moment(device_time, now)).total_seconds())
    except Malformed:
        return None
    return max(-MOST_OFFSET, min(MOST_OFFSET, seconds))


def read_scan(item: object, now: datetime, offset: int | None = None) -> Fact:
    """Read one line of a batch; raise Malformed with the reason."""
    if not isinstance(item, Mapping):
        raise Malformed("a scan is an object")
    kind = _kind(item)
    arriving, numbered = _people(item, kind)
    beyond = _beyond(item.get("beyond"))
    if kind is not ScanKind.UNDO and numbered and arriving.total + beyond.total == 0:
        raise Malformed("nobody arrives")
    scanned_at = _moment(item.get("scanned_at"), now)
    return Fact(
        id=_uuid(item.get("id"), "id"),
        kind=kind,
        digest=_digest(_card_of(item)) if kind is ScanKind.CARD else "",
        whole=kind is ScanKind.CARD and not numbered,
        arriving=arriving,
        beyond=beyond if kind is ScanKind.CARD else NOBODY,
        undoes=_target(item, kind),
        scanned_at=scanned_at,
        believed_at=scanned_at if item.get("scanned_at") is None else _by_our_clock(scanned_at, offset),
        clock_offset=offset,
        age_group=_age_group(item.get("age_group")) if kind is ScanKind.WALK_IN else None,
    )


def _kind(item: Mapping[Any, Any]) -> ScanKind:
    if item.get("undoes") is not None:
        return ScanKind.UNDO
    named = item.get("kind")
    if (named is None and _card_of(item) is not None) or named == "link":
        return ScanKind.CARD
    if named not in (ScanKind.CARD, ScanKind.WALK_IN, ScanKind.HEADCOUNT):
        raise Malformed("give digest, undoes, or kind walk_in or headcount")
    return ScanKind(named)


def _card_of(item: Mapping[Any, Any]) -> object:
    """The digest of the card: as scanned, as a hit of the search (``ref``), or as linked to a walk-in (``card``)."""
    named = (item.get(name) for name in ("digest", "ref", "card"))
    return next((each for each in named if each is not None), None)


def _target(item: Mapping[Any, Any], kind: ScanKind) -> str | None:
    """Which earlier scan this one takes back, or whose people a card says it is."""
    if kind is ScanKind.UNDO:
        return _uuid(item["undoes"], "undoes")
    for name in ("instead_of", "links"):
        if kind is ScanKind.CARD and item.get(name) is not None:
            return _uuid(item[name], name)
    return None


def _age_group(value: object) -> str | None:
    """An age group that we do not know is no reason to lose a child."""
    return value if isinstance(value, str) and value in AGE_GROUPS else None


def _people(item: Mapping[Any, Any], kind: ScanKind) -> tuple[People, bool]:
    """Who arrives, and whether the scan itself said how many."""
    adults, children = item.get("adults"), item.get("children")
    if kind is ScanKind.UNDO:
        return NOBODY, False
    if adults is None and children is None:
        if kind is ScanKind.HEADCOUNT:
            raise Malformed("a headcount says how many adults and children")
        return (People(1, 0), True) if kind is ScanKind.WALK_IN else (NOBODY, False)
    most = MOST_HEADS if kind is ScanKind.HEADCOUNT else MOST_PEOPLE
    return People(_number(adults, "adults", most), _number(children, "children", most)), True


def _beyond(value: object) -> People:
    if value is None:
        return NOBODY
    if isinstance(value, Mapping):
        return People(
            _number(value.get("adults"), "beyond", MOST_PEOPLE), _number(value.get("children"), "beyond", MOST_PEOPLE)
        )
    return People(_number(value, "beyond", MOST_PEOPLE), 0)


def _number(value: object, name: str, most: int) -> int:
    if value is None:
        return 0
    if type(value) is not int or not 0 <= value <= most:
        raise Malformed(f"{name} is a whole number from 0 to {most}")
    return value


def _uuid(value: object, name: str) -> str:
    if isinstance(value, str) and _ID.fullmatch(lowered := value.lower()):
        return lowered
    raise Malformed(f"{name} is a UUID (RFC 9562)")


def _digest(value: object) -> str:
    if isinstance(value, str) and _DIGEST.fullmatch(lowered := value.lower()):
        return lowered
    raise Malformed("digest is the hexadecimal SHA-256 of the code")


def _moment(value: object, now: datetime) -> datetime:
    if value is None:
        return now
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Malformed("scanned_at is a moment such as 2026-11-24T17:05:00Z") from None


def _by_our_clock(scanned_at: datetime, offset: int | None) -> datetime:
    if offset is None or abs(offset) < CLOCK_IS_RIGHT.total_seconds():
        return scanned_at
    try:
        return scanned_at + timedelta(seconds=offset)
    except OverflowError:
        return scanned_at


def normalized(typed: str) -> str:
    """A code as it is digested: upper case, without the spaces and hyphens that people put in."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
