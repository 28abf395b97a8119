"""Staff pages of activities, one file for each kind of page."""

from __future__ import annotations

from integration.activities.staff_routes import activities, changes, planning, poster, repeat, sessions, slots, venues
from integration.activities.staff_routes.blueprint import blueprint

__all__ = ["activities", "blueprint", "changes", "planning", "poster", "repeat", "sessions", "slots", "venues"]
