"""The individual times of a session: from length, first and last, and the desks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

MOST_DESKS = 6
SHORTEST, LONGEST = 5, 240
"""Minutes that an individual time may last."""


class PlannedSlot(NamedTuple):
    """One individual time at one desk, before it is kept."""

    starts_at: datetime
    ends_at: datetime
    desk: int
    language: str


def planned_slots(
    first_at: datetime, last_at: datetime, minutes: int, languages: Sequence[str]
) -> tuple[PlannedSlot, ...]:
    """Times one after the other, a desk for each language; the last begins no later than ``last_at``."""
    lasts = timedelta(minutes=minutes)
    count = (last_at - first_at) // lasts + 1
    return tuple(
        PlannedSlot(first_at + number * lasts, first_at + (number + 1) * lasts, desk, language)
        for number in range(max(0, count))
        for desk, language in enumerate(languages, start=1)
    )


def shifted(slots: Iterable[PlannedSlot], by: timedelta) -> tuple[PlannedSlot, ...]:
    """The same times at another session, so much later."""
    return tuple(slot._replace(starts_at=slot.starts_at + by, ends_at=slot.ends_at + by) for slot in slots)


def collide(slot: PlannedSlot, desk: int, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether an adviser would have to be with two people at once; the very same time is no collision."""
    if slot.desk != desk or (slot.starts_at, slot.ends_at) == (starts_at, ends_at):
        return False
    return slot.starts_at < ends_at and starts_at < slot.ends_at
