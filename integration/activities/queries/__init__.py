"""Reading activities and sessions; the rest of the application imports these from here."""

from __future__ import annotations

from integration.activities.queries.sessions import (
    Choice,
    actions_to_serve,
    activities_in,
    activity_by_slug,
    activity_for_editing,
    coming_choices,
    coming_counts,
    is_published,
    is_reachable,
    next_session,
    next_sessions,
    places_left,
    possible_partners,
    public_addresses,
    publication_gaps,
    session_by_key,
    sessions_by_id,
    sessions_of_activity,
    upcoming_sessions,
    venue_by_slug,
    venues,
)
from integration.activities.queries.slots import sessions_without_slots, slot_count, slots_of
from integration.activities.queries.year import activities_of_year, sessions_of_year

__all__ = [
    "Choice",
    "actions_to_serve",
    "activities_in",
    "activities_of_year",
    "activity_by_slug",
    "activity_for_editing",
    "coming_choices",
    "coming_counts",
    "is_published",
    "is_reachable",
    "next_session",
    "next_sessions",
    "places_left",
    "possible_partners",
    "public_addresses",
    "publication_gaps",
    "session_by_key",
    "sessions_by_id",
    "sessions_of_activity",
    "sessions_of_year",
    "sessions_without_slots",
    "slot_count",
    "slots_of",
    "upcoming_sessions",
    "venue_by_slug",
    "venues",
]
