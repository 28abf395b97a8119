"""Pure rules: how an activity recurs, and what activities and sessions say about themselves."""

from __future__ import annotations

from integration.activities.rules.activities import (
    ICONS,
    MARKS,
    ActivityDetails,
    Serves,
    VenueDetails,
    activity_details,
    activity_gaps,
    slug_of,
)
from integration.activities.rules.linked_data import event, event_document, events_document
from integration.activities.rules.recurrence import NTHS, Recurrence, check_recurrence, occurrences, until_suggestion
from integration.activities.rules.sessions import (
    FEW,
    Gap,
    PlacesState,
    SessionDetails,
    TextPart,
    description_of,
    details_of_activity,
    details_of_session,
    over_by,
    places_state,
    seats_left,
    session_gaps,
    takes_sign_up,
    text_gaps,
    title_of,
)

__all__ = [
    "FEW",
    "ICONS",
    "MARKS",
    "NTHS",
    "ActivityDetails",
    "Gap",
    "PlacesState",
    "Recurrence",
    "Serves",
    "SessionDetails",
    "TextPart",
    "VenueDetails",
    "activity_details",
    "activity_gaps",
    "check_recurrence",
    "description_of",
    "details_of_activity",
    "details_of_session",
    "event",
    "event_document",
    "events_document",
    "occurrences",
    "over_by",
    "places_state",
    "seats_left",
    "session_gaps",
    "slug_of",
    "takes_sign_up",
    "text_gaps",
    "title_of",
    "until_suggestion",
]
