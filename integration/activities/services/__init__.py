"""Verbs of activities, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.activities.services.activities import create_activity, edit_activity
from integration.activities.services.changes import (
    cancel_session,
    change_capacity,
    close_sign_up,
    move_session,
    open_sign_up,
    restore_session,
)
from integration.activities.services.outcome import (
    confirm_partners,
    expect_partner,
    expect_partner_no_more,
    record_language_support,
    record_languages,
)
from integration.activities.services.past import (
    PastSession,
    add_past_sessions,
    change_past_sessions,
    remove_past_sessions,
)
from integration.activities.services.places import count_places, lock_places, release_places, take_places
from integration.activities.services.repeat import add_pause, repeat
from integration.activities.services.sessions import create_session, edit_session
from integration.activities.services.slots import change_slot_language, drop_slots, lock_slots, plan_slots
from integration.activities.services.succession import move_servings
from integration.activities.services.times import moment_at
from integration.activities.services.venues import create_venue, edit_venue

__all__ = [
    "PastSession",
    "add_past_sessions",
    "add_pause",
    "cancel_session",
    "change_capacity",
    "change_past_sessions",
    "change_slot_language",
    "close_sign_up",
    "confirm_partners",
    "count_places",
    "create_activity",
    "create_session",
    "create_venue",
    "drop_slots",
    "edit_activity",
    "edit_session",
    "edit_venue",
    "expect_partner",
    "expect_partner_no_more",
    "lock_places",
    "lock_slots",
    "moment_at",
    "move_servings",
    "move_session",
    "open_sign_up",
    "plan_slots",
    "record_language_support",
    "record_languages",
    "release_places",
    "remove_past_sessions",
    "repeat",
    "restore_session",
    "take_places",
]
