"""Writing down what is to be told, in the transaction of the fact itself: what does not commit is never told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from integration.kernel.database import DbSession, insert_into
from integration.kernel.tokens import random_token
from integration.mail.models import Channel, DropReason, MessageState, OutboxMessage
from integration.web.links import site_host

SUFFIX = {Channel.EMAIL: "", Channel.SMS: "/sms"}
"""One fact is one message on each channel, each with a key of its own."""


@dataclass(frozen=True)
class Fact:
    """One thing to tell one recipient; ``key`` names it for good, ``about`` is what staff find it by."""

    key: str
    kind: str
    recipient_kind: str
    recipient_id: int
    language: str
    about: str
    facts: Mapping[str, int] = field(default_factory=dict)


def queue_message(
    db_session: DbSession,
    fact: Fact,
    *,
    now: datetime,
    due_at: datetime | None = None,
    channel: Channel = Channel.EMAIL,
    urgent: bool = False,
    reachable: bool = True,
) -> None:
    """Write a message down; the same fact a second time on the same channel changes nothing.

    ``urgent`` leaves at night too. ``reachable`` False is for a fact that somebody had to be told without our knowing
    any address: it is kept as could not be told, so that staff see whom to call.
    """
    _require_numbers(fact.facts)
    names = ("kind", "recipient_kind", "recipient_id", "language", "about")
    values = {
        **{name: getattr(fact, name) for name in names},
        "facts": dict(fact.facts),
        "fact": fact.key,
        "key": fact.key + SUFFIX[channel],
        "channel": channel,
        "urgent": urgent,
        "state": MessageState.QUEUED if reachable else MessageState.DROPPED,
        "drop_reason": None if reachable else DropReason.UNREACHABLE,
    }
    insert_message(db_session, values, now, due_at)


def insert_message(
    db_session: DbSession, values: Mapping[str, object], now: datetime, due_at: datetime | None = None
) -> None:
    """Write the row under a name of its own, unless one with its key is there."""
    row = {
        **values,
        "message_id": f"<{random_token().lower()}@{site_host()}>",
        "attempts": 0,
        "created_at": now,
        "due_at": due_at or now,
        "next_attempt_at": due_at or now,
    }
    db_session.execute(
        insert_into(db_session, OutboxMessage).values(**row).on_conflict_do_nothing(index_elements=["key"])
    )


def _require_numbers(facts: Mapping[str, int]) -> None:
    """The outbox holds ids, never words: nothing in it can be an address."""
    if not all(isinstance(value, int) for value in facts.values()):
        raise TypeError("facts of a message are numbers and ids")
