"""When a message may leave, when it is tried again, and how long one that is being sent is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from integration.kernel.clock import local

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long to wait after each attempt that failed; after the last one the message has failed."""
MOST_ATTEMPTS = len(PAUSES) + 1
LEASE = timedelta(minutes=10)
"""Longer than one message can take: a worker that is silent for so long is taken for dead."""
ROUND_SECONDS = 30
"""A round of sending ends after so long: then the clock is read anew, for the night may have come."""
QUIET_FROM_HOUR, QUIET_UNTIL_HOUR = 21, 8
"""On the city's clock; between them only what is urgent leaves."""
KEPT = timedelta(days=120)
"""How long what became of a message is kept, counted from when it was due."""


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None when it is enough."""
    return now + PAUSES[attempts - 1] if attempts < MOST_ATTEMPTS else None


def is_quiet(now: datetime) -> bool:
    """Whether people sleep, on the city's clock, in summer and winter time alike."""
    hour = local(now).hour
    return hour >= QUIET_FROM_HOUR or hour < QUIET_UNTIL_HOUR


def one_line(text: str) -> str:
    """The text as a header can carry it: one line without control characters (RFC 5322 2.2)."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
