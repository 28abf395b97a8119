"""What signing up asks for and when it may be asked (``signing_up``), and who is next in a queue (``queue``)."""

from __future__ import annotations

from integration.registration.rules.queue import (
    FIRST_KEEPS_UNTIL,
    OfferTimes,
    Position,
    is_quiet,
    latest_end,
    may_pass,
    must_wait,
    next_in_line,
    offer_times,
    times_in_line,
    when_awake,
)
from integration.registration.rules.signing_up import (
    HELP_LENGTH,
    KEPT_DAYS,
    MOST_PEOPLE,
    NAME_LENGTH,
    People,
    Situation,
    forbidden_characters,
    has_something_to_read,
    require_open,
    situation,
    takes_queue,
    without_forbidden,
)

__all__ = [
    "FIRST_KEEPS_UNTIL",
    "HELP_LENGTH",
    "KEPT_DAYS",
    "MOST_PEOPLE",
    "NAME_LENGTH",
    "OfferTimes",
    "People",
    "Position",
    "Situation",
    "forbidden_characters",
    "has_something_to_read",
    "is_quiet",
    "latest_end",
    "may_pass",
    "must_wait",
    "next_in_line",
    "offer_times",
    "require_open",
    "situation",
    "takes_queue",
    "times_in_line",
    "when_awake",
    "without_forbidden",
]
