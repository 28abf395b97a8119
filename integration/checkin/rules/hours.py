"""When a door is open, what is odd about a scan's time, and how often things may be tried."""

from __future__ import annotations

from datetime import datetime, timedelta

from integration.checkin.rules.door import Door
from integration.kernel.rate_limits import Limit

OPENS_BEFORE = timedelta(hours=1)
CLOSES_AFTER = timedelta(hours=2)
MAY_ARRIVE_LATE = timedelta(days=14)
HELD_AFTER = timedelta(hours=1)
"""A session with scans becomes held by itself this long after its end (rule 2)."""

PAIRINGS_PER_NETWORK = Limit("door_pairing", 60, timedelta(minutes=15))
"""A hall's phones may share one address; a guesser gains nothing from sixty tries."""
SEARCHES_PER_DEVICE = Limit("door_search", 40, timedelta(minutes=10))
SELF_CHECK_INS_PER_NETWORK = Limit("self_check_in", 600, timedelta(minutes=15))
"""A whole school behind one address marks itself within a quarter of an hour; no script counts a city."""
SHORTEST_SEARCH = 2
"""Letters: fewer would list everybody."""


def pairing_window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """When a phone may be paired with a session's door, read its roster and scan."""
    return starts_at - OPENS_BEFORE, ends_at + CLOSES_AFTER


def self_check_in_window(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """When those who are there may mark themselves: from an hour before a session until its end."""
    return starts_at - OPENS_BEFORE, ends_at


def device_window(starts_at: datetime, ends_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """When a phone opened by a signed-in organiser may scan: around the session, and around now if that is apart."""
    return min(starts_at - OPENS_BEFORE, now), max(ends_at, now) + CLOSES_AFTER


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


def door_moment(door: Door, scanned_at: datetime, now: datetime) -> datetime:
    """When the scan was made, as far as the phone's clock can be believed."""
    clock_is_wrong = not door.opens_at <= scanned_at <= door.closes_at and door.opens_at <= now <= door.closes_at
    return now if clock_is_wrong else scanned_at
