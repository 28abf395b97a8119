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

__all__ = ["SessionCounts", "closings_of", "people_at_door", "people_in", "session_counts", "visitor_sets"]
