"""Staff pages of activities, one file for each kind of page."""

from __future__ import annotations

from integration.activities.staff_routes import activities, changes, planning, poster, repeat, sessions, slots, venues
from integration.activities.staff_routes.blueprint import blueprint
from integration.activities.staff_routes.organisations import organisation_panel

__all__ = [
    "activities",
    "blueprint",
    "changes",
    "organisation_panel",
    "planning",
    "poster",
    "repeat",
    "sessions",
    "slots",
    "venues",
]
