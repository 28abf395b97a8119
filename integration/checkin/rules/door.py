"""A door, what is known of a card at it, and how many of its household count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from integration.checkin.models import ScanKind, ScanResult, Source
from integration.checkin.rules.scans import NOBODY, Fact, People


@dataclass(frozen=True, slots=True)
class Door:
    """The device that a batch comes from, and what its session asks of the people who come."""

    device_id: int
    session_id: int
    opens_at: datetime
    closes_at: datetime
    revoked: bool
    needs_sign_up: bool
    sensitive: bool
    settled: bool
    """Over or closed: its figures may be folded, so whoever counts must hear of late scans."""
    individual_times: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What has arrived on one card at one session and is not undone."""

    places: People | None = None
    whole: int = 0
    arrived: People = NOBODY
    beyond: People = NOBODY
    first_at: datetime | None = None
    marked: People = NOBODY
    """How many the household itself says are here."""


class Came(Protocol):
    """A scan, as far as it tells who came."""

    @property
    def kind(self) -> ScanKind: ...

    @property
    def whole(self) -> bool: ...

    @property
    def arriving(self) -> People: ...

    @property
    def beyond(self) -> People: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose card it is: a random key, never a person; and its tally here."""

    visitor_key: str
    household_id: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a scan is answered, why a person should look at it, and whether it adds to the count."""

    result: ScanResult
    flag: str | None = None
    counts: bool = True


SELF, TALLY, SHEET = "self", "tally", "sheet"
OWN_PAGES = (SELF, TALLY, SHEET)
"""Names of devices that stand for pages of ours and are no phone at a door."""

UNCOUNTED_FLAGS = frozenset({"revoked", "late", "window", "sensitive", "cleared", "untraceable"})
"""Scans with these flags wait for a person before they count."""

CLEARED = "-"
"""A visitor key that was cleared begins so, which no key that a card has ever does."""


def counted(tally: Tally) -> People:
    """How many of a card's household count: min(places, arrivals not undone) + beyond (rule 12).

    The same as the computed columns of the attendance table. Adults fill the places first. What the household says
    of itself and what doors saw of its card are the same people: the larger of the two counts, in whatever order.
    """
    at_doors = _counted_at_doors(tally)
    return tally.marked if tally.marked.total > at_doors.total else at_doors


def _counted_at_doors(tally: Tally) -> People:
    within = tally.arrived
    if tally.places is None:
        within = People(within.adults + (1 if tally.whole > 0 else 0), within.children)
    elif tally.whole > 0:
        within = tally.places
    else:
        places = tally.places.total
        adults = min(within.adults, places - min(within.children, tally.places.children))
        within = People(adults, min(within.total, places) - adults)
    return People(within.adults + tally.beyond.adults, within.children + tally.beyond.children)


def arrive(tally: Tally, fact: Fact, moment: datetime) -> Tally:
    """The tally after this scan, whose time at the door was ``moment``."""
    return _add(tally, fact, 1, min(tally.first_at, moment) if tally.first_at else moment)


def take_back(tally: Tally, scan: Came) -> Tally:
    """The tally after this scan was undone."""
    return _add(tally, scan, -1, tally.first_at)


def at_door_and_marked(scan: Came) -> tuple[People, People]:
    """Who arrives at a door by this scan, and who is here because the household itself said so."""
    return (NOBODY, scan.arriving) if scan.kind is ScanKind.SELF_MARKED else (scan.arriving, NOBODY)


def _add(tally: Tally, scan: Came, sign: int, first_at: datetime | None) -> Tally:
    arriving, marked = at_door_and_marked(scan)
    return Tally(
        places=tally.places,
        whole=tally.whole + sign * scan.whole,
        arrived=_plus(tally.arrived, sign, arriving),
        beyond=_plus(tally.beyond, sign, scan.beyond),
        first_at=first_at,
        marked=_plus(tally.marked, sign, marked),
    )


def _plus(one: People, sign: int, other: People) -> People:
    return People(one.adults + sign * other.adults, one.children + sign * other.children)


def source_of(kind: ScanKind, *, sensitive: bool) -> Source:
    """How people were counted by a scan that is no card's; a sensitive session keeps a headcount only."""
    if sensitive:
        return Source.HEADCOUNT
    return _SOURCES.get(kind, Source.WALK_IN)


_SOURCES = {
    ScanKind.HEADCOUNT: Source.HEADCOUNT,
    ScanKind.SELF_MARKED: Source.SELF_MARKED,
    ScanKind.LISTED: Source.LISTED,
}


def source_of_card(kind: ScanKind) -> Source:
    """How a card's household was counted: by its card, by its line on the sheet, or by itself."""
    return {ScanKind.LISTED: Source.LISTED, ScanKind.SELF_MARKED: Source.SELF_MARKED}.get(kind, Source.SCANNED)
