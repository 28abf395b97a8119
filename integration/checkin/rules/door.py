"""A door, what is known of a card at it, and how many of its household count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class Tally:
    """What has arrived on one card at one session and is not undone."""

    places: People | None = None
    whole: int = 0
    arrived: People = NOBODY
    beyond: People = NOBODY
    first_at: datetime | None = None


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

UNCOUNTED_FLAGS = frozenset({"revoked", "late", "window", "sensitive"})
"""Scans with these flags wait for a person before they count."""


def counted(tally: Tally) -> People:
    """How many of a card's household count: min(places, arrivals not undone) + beyond (rule 12).

    The same as the computed columns of the attendance table. Adults fill the places first.
    """
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
    return Tally(
        places=tally.places,
        whole=tally.whole + fact.whole,
        arrived=People(tally.arrived.adults + fact.arriving.adults, tally.arrived.children + fact.arriving.children),
        beyond=People(tally.beyond.adults + fact.beyond.adults, tally.beyond.children + fact.beyond.children),
        first_at=min(tally.first_at, moment) if tally.first_at else moment,
    )


def take_back(tally: Tally, whole: bool, arriving: People, beyond: People) -> Tally:
    """The tally after a scan with these numbers was undone."""
    return Tally(
        places=tally.places,
        whole=tally.whole - whole,
        arrived=People(tally.arrived.adults - arriving.adults, tally.arrived.children - arriving.children),
        beyond=People(tally.beyond.adults - beyond.adults, tally.beyond.children - beyond.children),
        first_at=tally.first_at,
    )


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
    """How a card's household was counted: by its card, or by its line on the sheet."""
    return Source.LISTED if kind is ScanKind.LISTED else Source.SCANNED
