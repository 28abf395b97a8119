"""The forms of staff: they describe shape and wording, and neither ask nor change the database."""

from __future__ import annotations

from integration.activities.forms.activity_form import ActivityForm
from integration.activities.forms.pause_form import PauseForm
from integration.activities.forms.poster_form import PosterForm
from integration.activities.forms.repeat_form import RepeatForm
from integration.activities.forms.session_forms import CapacityForm, ConfirmForm, MoveForm, SessionForm
from integration.activities.forms.slot_form import SlotForm
from integration.activities.forms.venue_form import VenueForm

__all__ = [
    "ActivityForm",
    "CapacityForm",
    "ConfirmForm",
    "MoveForm",
    "PauseForm",
    "PosterForm",
    "RepeatForm",
    "SessionForm",
    "SlotForm",
    "VenueForm",
]
