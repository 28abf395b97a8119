"""The forms of registration, one file for each kind of page; the rest of the feature imports them from here."""

from __future__ import annotations

from integration.registration.forms.group_forms import GroupForm, GroupNumberForm, StandAnswerForm, StandForm
from integration.registration.forms.places_form import PlacesForm
from integration.registration.forms.series_form import SeriesForm
from integration.registration.forms.signing_up import OTHER, TOKEN, US, CancelForm, ConfirmForm, SignUpForm, tidy
from integration.registration.forms.slot_form import SlotBookForm, SlotsForm, SlotWaitForm

__all__ = [
    "OTHER",
    "TOKEN",
    "US",
    "CancelForm",
    "ConfirmForm",
    "GroupForm",
    "GroupNumberForm",
    "PlacesForm",
    "SeriesForm",
    "SignUpForm",
    "SlotBookForm",
    "SlotWaitForm",
    "SlotsForm",
    "StandAnswerForm",
    "StandForm",
    "tidy",
]
