"""What the door decides: how a scan is read, judged and counted, in whatever order scans arrive."""

from __future__ import annotations

from integration.checkin.rules.door import (
    UNCOUNTED_FLAGS,
    Door,
    Holder,
    Tally,
    Verdict,
    arrive,
    counted,
    source_of,
    take_back,
)
from integration.checkin.rules.hours import (
    CLOSES_AFTER,
    HELD_AFTER,
    MAY_ARRIVE_LATE,
    OPENS_BEFORE,
    device_window,
    door_moment,
    pairing_window,
    window_flag,
)
from integration.checkin.rules.scans import (
    AGE_GROUPS,
    MOST_HEADS,
    MOST_PEOPLE,
    MOST_SCANS,
    NOBODY,
    Fact,
    Malformed,
    People,
    clock_offset,
    normalized,
    read_scan,
)
from integration.checkin.rules.totals import LEAST_CERTAIN_FIRST, is_under_scanned, with_manual_total
from integration.checkin.rules.verdicts import judge

__all__ = [
    "AGE_GROUPS",
    "CLOSES_AFTER",
    "HELD_AFTER",
    "LEAST_CERTAIN_FIRST",
    "MAY_ARRIVE_LATE",
    "MOST_HEADS",
    "MOST_PEOPLE",
    "MOST_SCANS",
    "NOBODY",
    "OPENS_BEFORE",
    "UNCOUNTED_FLAGS",
    "Door",
    "Fact",
    "Holder",
    "Malformed",
    "People",
    "Tally",
    "Verdict",
    "arrive",
    "clock_offset",
    "counted",
    "device_window",
    "door_moment",
    "is_under_scanned",
    "judge",
    "normalized",
    "pairing_window",
    "read_scan",
    "source_of",
    "take_back",
    "window_flag",
    "with_manual_total",
]
