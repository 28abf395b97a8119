"""Reading households, cards and registrations."""

from __future__ import annotations

from integration.registration.queries.cards import (
    Known,
    card_by_feed,
    card_by_link,
    card_by_pass,
    card_by_short_code,
    card_of_household,
    cards_of_batch,
    remembered_card,
    remembered_cards,
)
from integration.registration.queries.door import (
    DoorCard,
    Found,
    cards_for_door,
    found_by_name,
    own_times,
    roster_facts,
    signed_up_elsewhere,
)
from integration.registration.queries.registrations import (
    Totals,
    all_registrations,
    coming_registrations,
    live_registration,
    registration_by_form,
    registration_of,
    registration_totals,
    registrations_of_session,
)
from integration.registration.queries.sessions import doors_on, session_facts
from integration.registration.queries.waiting import (
    Waiting,
    all_waiting,
    entry_by_form,
    entry_of,
    open_entries,
    open_entry,
    position_of,
    waiting_of_household,
    waiting_of_session,
)

__all__ = [
    "DoorCard",
    "Found",
    "Known",
    "Totals",
    "Waiting",
    "all_registrations",
    "all_waiting",
    "card_by_feed",
    "card_by_link",
    "card_by_pass",
    "card_by_short_code",
    "card_of_household",
    "cards_for_door",
    "cards_of_batch",
    "coming_registrations",
    "doors_on",
    "entry_by_form",
    "entry_of",
    "found_by_name",
    "live_registration",
    "open_entries",
    "open_entry",
    "own_times",
    "position_of",
    "registration_by_form",
    "registration_of",
    "registration_totals",
    "registrations_of_session",
    "remembered_card",
    "remembered_cards",
    "roster_facts",
    "session_facts",
    "signed_up_elsewhere",
    "waiting_of_household",
    "waiting_of_session",
]
