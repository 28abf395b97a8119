"""Staff pages of the door, one file for each kind of page."""

from __future__ import annotations

from integration.checkin.staff_routes import (
    closing,
    door,
    doors,
    flagged,
    groups,
    headcount,
    live,
    self_check_in,
    sheet,
    today,
)
from integration.checkin.staff_routes.blueprint import blueprint
from integration.checkin.staff_routes.flagged import flagged_panel
from integration.checkin.staff_routes.panels import groups_panel, session_panel

__all__ = [
    "blueprint",
    "closing",
    "door",
    "doors",
    "flagged",
    "flagged_panel",
    "groups",
    "groups_panel",
    "headcount",
    "live",
    "self_check_in",
    "session_panel",
    "sheet",
    "today",
]
