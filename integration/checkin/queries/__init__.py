"""Reading the door: what a scan needs to know, and what a session's people add up to."""

from __future__ import annotations

from integration.checkin.queries.counts import (
    SessionCounts,
    closings_of,
    people_at_door,
    people_in,
    session_counts,
    visitor_sets,
)
from integration.checkin.queries.desk import Desk, desk
from integration.checkin.queries.known import is_known_code

__all__ = [
    "Desk",
    "SessionCounts",
    "closings_of",
    "desk",
    "is_known_code",
    "people_at_door",
    "people_in",
    "session_counts",
    "visitor_sets",
]
