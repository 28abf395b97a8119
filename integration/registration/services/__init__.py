"""Verbs of registration, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.registration.services.cards import issue_card, stop_feed
from integration.registration.services.giving_back import cancel_registration
from integration.registration.services.households import delete_household, set_reminders
from integration.registration.services.signing_up import SignedUp, register

__all__ = [
    "SignedUp",
    "cancel_registration",
    "delete_household",
    "issue_card",
    "register",
    "set_reminders",
    "stop_feed",
]
