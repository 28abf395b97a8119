"""What kinds of messages are called, for those who get them and for staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "confirmation": _l("Confirmation"),
    "places_changed": _l("Places changed"),
    "slot_changed": _l("Individual time changed"),
    "series_joined": _l("Series joined"),
    "series_left": _l("Series left"),
    "places_given_back": _l("Places given back"),
    "session_moved": _l("New time or place"),
    "session_cancelled": _l("Session cancelled"),
    "session_restored": _l("Held after all"),
    "waiting_begun": _l("Joined the queue"),
    "place_offered": _l("Offer of places"),
    "taken_in": _l("Taken in from the queue"),
    "offer_expired": _l("Offer expired"),
    "waiting_left": _l("Out of the queue"),
    "reminder": _l("Reminder the day before"),
    "reminder_soon": _l("Reminder two hours before"),
    "thanks": _l("Thanks"),
    "staff_message": _l("Message from staff"),
    "stand_answered": _l("Answer about a stand"),
    "own_link": _l("Link to the card"),
    "card_reissued": _l("New card"),
}
