"""The tables of registration; no other feature holds a name or a contact."""

from __future__ import annotations

from integration.registration.models.groups import GroupRegistration, Stand, StandState
from integration.registration.models.holds import HeldSignUp, Hold, SharedPhone, SignUpOrigin
from integration.registration.models.households import Card, Household
from integration.registration.models.registrations import Registration
from integration.registration.models.series import Series
from integration.registration.models.staff_messages import StaffMessage
from integration.registration.models.waiting import OPEN_STATES, WaitingEntry, WaitingState

__all__ = [
    "OPEN_STATES",
    "Card",
    "GroupRegistration",
    "HeldSignUp",
    "Hold",
    "Household",
    "Registration",
    "Series",
    "SharedPhone",
    "SignUpOrigin",
    "StaffMessage",
    "Stand",
    "StandState",
    "WaitingEntry",
    "WaitingState",
]
