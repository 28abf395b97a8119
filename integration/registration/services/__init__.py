"""Verbs of registration, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.registration.services.cards import issue_blank_cards, issue_card, reissue_card, stop_feed
from integration.registration.services.changing import change_places
from integration.registration.services.filling import expire_offers, fill_places, follow_session
from integration.registration.services.giving_back import cancel_everything, cancel_registration
from integration.registration.services.holding import forget_origins, held_back, hold_of, hold_sign_up, note_arrival
from integration.registration.services.households import (
    delete_household,
    name_household,
    set_language,
    set_reminders,
)
from integration.registration.services.merging import merge_households
from integration.registration.services.series import add_date, join_added_date, join_series, leave_series
from integration.registration.services.signing_up import SignedUp, register
from integration.registration.services.waiting import accept_offer, leave_queue

__all__ = [
    "SignedUp",
    "accept_offer",
    "add_date",
    "cancel_everything",
    "cancel_registration",
    "change_places",
    "delete_household",
    "expire_offers",
    "fill_places",
    "follow_session",
    "forget_origins",
    "held_back",
    "hold_of",
    "hold_sign_up",
    "issue_blank_cards",
    "issue_card",
    "join_added_date",
    "join_series",
    "leave_queue",
    "leave_series",
    "merge_households",
    "name_household",
    "note_arrival",
    "register",
    "reissue_card",
    "set_language",
    "set_reminders",
    "stop_feed",
]
