"""Verbs of registration, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.registration.services.cards import issue_card, stop_feed
from integration.registration.services.changing import change_places
from integration.registration.services.filling import expire_offers, fill_places, follow_session, has_contact
from integration.registration.services.giving_back import cancel_everything, cancel_registration
from integration.registration.services.households import delete_household, set_reminders
from integration.registration.services.signing_up import SignedUp, register
from integration.registration.services.waiting import accept_offer, leave_queue

__all__ = [
    "SignedUp",
    "accept_offer",
    "cancel_everything",
    "cancel_registration",
    "change_places",
    "delete_household",
    "expire_offers",
    "fill_places",
    "follow_session",
    "has_contact",
    "issue_card",
    "leave_queue",
    "register",
    "set_reminders",
    "stop_feed",
]
