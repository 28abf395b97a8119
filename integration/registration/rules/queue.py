"""Rule 13: who is next, and until when an offer stands. Nothing here knows a clock or a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from integration.kernel.clock import CITY, local, wall_times

FIRST_KEEPS_UNTIL = timedelta(hours=48)
"""So long before the start the first in the queue stops keeping free places that it does not fit into."""
OFFER_LASTS = timedelta(hours=24)
OFFER_ENDS_BEFORE = timedelta(hours=2)
"""An offer ends so long before the start at the latest: then there is still time to come, or to ask the next."""
SHORTEST_OFFER = timedelta(minutes=30)
"""An offer that would stand for less is none: the places are given without asking."""
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""Between these an offer is neither told nor ends, on the city's clock."""
LAST_MINUTE = time(20, 59)
"""When an offer ends that would have to end in the night."""


@dataclass(frozen=True)
class OfferTimes:
    """When a household is told that places are kept for it, and until when."""

    tell_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Position:
    """How many stand before an entry; not a promise, for a smaller family may fit first near the start."""

    entries: int
    people: int

    @property
    def number(self) -> int:
        """The entry's own number in the queue, from 1."""
        return self.entries + 1


def may_pass(starts_at: datetime, now: datetime) -> bool:
    """Whether the first that fits is next, rather than the first."""
    return now >= starts_at - FIRST_KEEPS_UNTIL


def next_in_line(wanted: Sequence[int], free: int | None, *, passing: bool) -> list[int]:
    """Which of the queue get the free places: indexes into ``wanted``, the places each needs, first come first.

    Nobody gets a part. Without ``passing`` nobody passes one who does not fit yet; None is room without limit.
    """
    chosen: list[int] = []
    for index, places in enumerate(wanted):
        if free is None or places <= free:
            chosen.append(index)
            free = None if free is None else free - places
        elif not passing:
            break
    return chosen


def times_in_line(
    wanted: Sequence[tuple[int, str | None]], free: Sequence[str], room: int | None
) -> list[tuple[int, int]]:
    """Which of the queue gets which free individual time: pairs of indexes into ``wanted`` and ``free``.

    ``wanted`` are the places that each needs and the language that the adviser has to speak (None: any), first
    come first; ``free`` the languages of the free times, by time; ``room`` how many places are free in all. Who
    waits for a language does not keep another's times from those who can use them. Who takes any time gets,
    where there is a choice, one that nobody behind waits for by its language.
    """
    left, chosen = list(range(len(free))), []
    for index, (places, spoken) in enumerate(wanted):
        fits = [each for each in left if spoken in (None, free[each])]
        if not fits or (room is not None and places > room):
            continue
        behind = {language for _places, language in wanted[index + 1 :]}
        time = min(fits, key=lambda each: (free[each] in behind, each))
        left.remove(time)
        chosen.append((index, time))
        room = None if room is None else room - places
    return chosen


def must_wait(wanted: int, free: int | None, waiting: int, *, passing: bool) -> bool:
    """Whether somebody who comes now has to wait: no room for all of them, or others wait and nobody may pass.

    Near the start whoever comes last may pass too: those who wait do not fit, or the places were theirs already.
    """
    return free is not None and (wanted > free or (waiting > 0 and not passing))


def offer_times(now: datetime, starts_at: datetime, zone: ZoneInfo = CITY) -> OfferTimes | None:
    """From when and until when an offer made now stands; None when no time is left to ask."""
    tell_at = when_awake(now, zone)
    expires_at = min(when_awake(tell_at + OFFER_LASTS, zone), latest_end(starts_at, zone))
    return OfferTimes(tell_at, expires_at) if expires_at - tell_at >= SHORTEST_OFFER else None


def latest_end(starts_at: datetime, zone: ZoneInfo = CITY) -> datetime:
    """When an offer for this session ends at the latest: two hours before it, or the evening before those."""
    end = starts_at - OFFER_ENDS_BEFORE
    if not is_quiet(end, zone):
        return end
    wall = local(end, zone)
    evening = wall.date() if wall.time() >= QUIET_FROM else wall.date() - timedelta(days=1)
    return wall_times(evening, LAST_MINUTE, zone)[0]


def when_awake(moment: datetime, zone: ZoneInfo = CITY) -> datetime:
    """The moment itself by day, else eight in the morning after it."""
    if not is_quiet(moment, zone):
        return moment
    wall = local(moment, zone)
    morning = wall.date() + timedelta(days=1) if wall.time() >= QUIET_FROM else wall.date()
    return wall_times(morning, QUIET_UNTIL, zone)[0]


def is_quiet(moment: datetime, zone: ZoneInfo = CITY) -> bool:
    """Whether people sleep: from 21 to 8 on the city's clock."""
    at = local(moment, zone).time()
    return at >= QUIET_FROM or at < QUIET_UNTIL
