"""Staff pages of the door, one file for each kind of page."""

from __future__ import annotations

from integration.checkin.staff_routes import closing, door, groups, today
from integration.checkin.staff_routes.blueprint import blueprint
from integration.checkin.staff_routes.panels import groups_panel, session_panel

__all__ = ["blueprint", "closing", "door", "groups", "groups_panel", "session_panel", "today"]
