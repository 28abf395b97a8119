"""Verbs of activities, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.activities.services.places import release_places, take_places
from integration.activities.services.sessions import create_session, edit_session
from integration.activities.services.times import moment_at

__all__ = ["create_session", "edit_session", "moment_at", "release_places", "take_places"]
