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
from integration.checkin.queries.devices import (
    DoorSeen,
    device_with_token,
    doors_of_session,
    link_with_secret,
    live_link,
    may_pair,
    next_doors,
)
from integration.checkin.queries.flagged import Conflict, SeenScan, conflicts, flagged_scans
from integration.checkin.queries.known import is_known_code
from integration.checkin.queries.roster import Hit, found_by_name, roster_content, roster_version
from integration.checkin.queries.visits import held_of_visits, visits_of
from integration.checkin.queries.watch import Arrivals, arrivals, arrivals_version

__all__ = [
    "Arrivals",
    "Conflict",
    "Desk",
    "DoorSeen",
    "Hit",
    "SeenScan",
    "SessionCounts",
    "arrivals",
    "arrivals_version",
    "closings_of",
    "conflicts",
    "desk",
    "device_with_token",
    "doors_of_session",
    "flagged_scans",
    "found_by_name",
    "held_of_visits",
    "is_known_code",
    "link_with_secret",
    "live_link",
    "may_pair",
    "next_doors",
    "people_at_door",
    "people_in",
    "roster_content",
    "roster_version",
    "session_counts",
    "visitor_sets",
    "visits_of",
]
