"""What households are told about their places: when a message is due (``telling``) and what it says (``letters``)."""

from __future__ import annotations

from integration.registration.messages.letters import (
    confirmation,
    household_address,
    places_given_back,
    reminder,
    session_cancelled,
    session_moved,
    session_restored,
)
from integration.registration.messages.telling import (
    confirm,
    confirm_giving_back,
    forget_messages,
    queue_reminders,
    tell_of_cancelling,
    tell_of_moving,
    tell_of_restoring,
)

__all__ = [
    "confirm",
    "confirm_giving_back",
    "confirmation",
    "forget_messages",
    "household_address",
    "places_given_back",
    "queue_reminders",
    "reminder",
    "session_cancelled",
    "session_moved",
    "session_restored",
    "tell_of_cancelling",
    "tell_of_moving",
    "tell_of_restoring",
]
