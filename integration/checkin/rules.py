"""What the door decides: how a scan is read, judged and counted, in whatever order scans arrive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from integration.checkin.models import ScanKind, ScanResult, Source

OPENS_BEFORE = timedelta(hours=1)
CLOSES_AFTER = timedelta(hours=2)
MAY_ARRIVE_LATE = timedelta(days=14)
HELD_AFTER = timedelta(hours=1)
"""A session with scans becomes held by itself this long after its end (rule 2)."""

MOST_SCANS = 2000
MOST_PEOPLE = 99
MOST_HEADS = 9999

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
    scanned_at: datetime


class Malformed(Exception):
    """A line of a batch that cannot be read; ``reason`` is for the one who writes the client."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


UNCOUNTED_FLAGS = frozenset({"revoked", "late", "window", "sensitive"})
"""Scans with these flags wait for a person before they count."""


def read_scan(item: object, now: datetime) -> Fact:
    """Read one line of a batch; raise Malformed with the reason."""
    if not isinstance(item, Mapping):
        raise Malformed("a scan is an object")
    kind = _kind(item)
    arriving, numbered = _people(item, kind)
    beyond = _beyond(item.get("beyond"))
    undoes = _uuid(item["undoes"], "undoes") if kind is ScanKind.UNDO else None
    if kind is not ScanKind.UNDO and numbered and arriving.total + beyond.total == 0:
        raise Malformed("nobody arrives")
    return Fact(
        id=_uuid(item.get("id"), "id"),
        kind=kind,
        digest=_digest(item.get("digest")) if kind is ScanKind.CARD else "",
        whole=kind is ScanKind.CARD and not numbered,
        arriving=arriving,
        beyond=beyond if kind is ScanKind.CARD else NOBODY,
        undoes=undoes,
        scanned_at=_moment(item.get("scanned_at"), now),
    )


def _kind(item: Mapping[Any, Any]) -> ScanKind:
    if item.get("undoes") is not None:
        return ScanKind.UNDO
    named = item.get("kind")
    if named is None and item.get("digest") is not None:
        return ScanKind.CARD
    if named not in (ScanKind.CARD, ScanKind.WALK_IN, ScanKind.HEADCOUNT):
        raise Malformed("give digest, undoes, or kind walk_in or headcount")
    return ScanKind(named)


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


def normalized(typed: str) -> str:
    """A code as it is digested: upper case, without the spaces and hyphens that people put in."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


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


def judge(door: Door, fact: Fact, holder: Holder | None, now: datetime) -> Verdict:
    """How to answer this scan, given what is known now. Nobody is refused: the odd ones are flagged (rule 11)."""
    flag = window_flag(door, fact.scanned_at, now)
    if flag in UNCOUNTED_FLAGS:
        return Verdict(ScanResult.FLAGGED, flag, counts=False)
    if fact.kind is ScanKind.CARD:
        return _judge_card(door, fact, holder, flag)
    return Verdict(ScanResult.FLAGGED if flag else ScanResult.ACCEPTED, flag)


def window_flag(door: Door, scanned_at: datetime, now: datetime) -> str | None:
    """What is odd about when this scan was made or sent, or by whom."""
    if door.revoked:
        return "revoked"
    if now > door.closes_at + MAY_ARRIVE_LATE:
        return "late"
    if door.opens_at <= scanned_at <= door.closes_at:
        return None
    # What arrives while the door is open happened at it, whatever the phone's clock says.
    return "clock" if door.opens_at <= now <= door.closes_at else "window"


def _judge_card(door: Door, fact: Fact, holder: Holder | None, flag: str | None) -> Verdict:
    if door.sensitive:
        return Verdict(ScanResult.FLAGGED, "sensitive", counts=False)
    if holder is None:
        return Verdict(ScanResult.UNKNOWN, "unknown")
    before = counted(holder.tally).total
    after = counted(arrive(holder.tally, fact, fact.scanned_at)).total
    surplus = fact.arriving.total + fact.beyond.total - (after - before)
    if after == before:
        return Verdict(ScanResult.ALREADY, "surplus" if surplus > 0 else None)
    if surplus > 0:
        return Verdict(ScanResult.FLAGGED, "surplus")
    if holder.tally.places is None and door.needs_sign_up:
        return Verdict(ScanResult.FLAGGED, "no_sign_up")
    return Verdict(ScanResult.FLAGGED if flag else ScanResult.ACCEPTED, flag)


def door_moment(door: Door, scanned_at: datetime, now: datetime) -> datetime:
    """When the scan was made, as far as the phone's clock can be believed."""
    return scanned_at if door.opens_at <= scanned_at <= door.closes_at else now


def source_of(door: Door, kind: ScanKind) -> Source:
    """How people without a known card were counted; a sensitive session keeps a headcount only."""
    return Source.HEADCOUNT if kind is ScanKind.HEADCOUNT or door.sensitive else Source.WALK_IN


def device_window(starts_at: datetime, ends_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """When a phone opened by a signed-in organiser may scan: around the session, and around now if that is apart."""
    return min(starts_at - OPENS_BEFORE, now), max(ends_at, now) + CLOSES_AFTER


LEAST_CERTAIN_FIRST = (
    Source.IMPORTED,
    Source.SELF_MARKED,
    Source.HEADCOUNT,
    Source.WALK_IN,
    Source.LISTED,
    Source.SCANNED,
)


def with_manual_total(sources: Mapping[Source, int], total: int) -> dict[Source, int]:
    """The mix of sources under a manual total (rule 3): what the door lacks is headcount; what it has too much goes
    from the least certain source first. They add up to the total.
    """
    mix = {source: sources.get(source, 0) for source in Source}
    difference = total - sum(mix.values())
    if difference >= 0:
        mix[Source.HEADCOUNT] += difference
        return mix
    for source in LEAST_CERTAIN_FIRST:
        taken = min(mix[source], -difference)
        mix[source] -= taken
        difference += taken
    return mix


def is_under_scanned(total: int, scanned: int) -> bool:
    """Whether a manual total is below what was scanned, which warns (rule 3)."""
    return total < scanned
