"""Taking a message in hand, and writing down what became of it: each commits by itself."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime

import sqlalchemy as sa

from integration.kernel.database import DbSession, reading, transaction
from integration.mail.letters import Order
from integration.mail.models import Channel, MessageState, OutboxMessage
from integration.mail.rules import LEASE, PAUSES, is_quiet, next_attempt_at

log = logging.getLogger(__name__)
COLUMNS = tuple(
    getattr(OutboxMessage, name)
    for name in (
        *("id", "kind", "recipient_kind", "recipient_id", "language"),
        *("facts", "message_id", "attempts", "created_at"),
    )
)


class Unreachable(Exception):
    """The recipient is gone or has no address any more."""


def anything_due(channel: Channel, now: datetime) -> bool:
    """Whether there is work: whoever asks takes no lock."""
    with reading() as db_session:
        return db_session.scalar(sa.select(OutboxMessage.id).where(due(channel, now)).limit(1)) is not None


def due(channel: Channel, now: datetime) -> sa.ColumnElement[bool]:
    """Queued and due, or being sent by a worker silent for longer than its lease; at night only what is urgent."""
    states = (MessageState.QUEUED, MessageState.SENDING)
    conditions = [
        OutboxMessage.channel == channel,
        OutboxMessage.state.in_(states),
        OutboxMessage.next_attempt_at <= now,
    ]
    return sa.and_(*conditions, OutboxMessage.urgent) if is_quiet(now) else sa.and_(*conditions)


def claim(db_session: DbSession, now: datetime, *conditions: sa.ColumnElement[bool]) -> Order | None:
    """Take the message that is due first; rows that other workers are taking are passed by."""
    first = (
        sa.select(OutboxMessage.id)
        .where(*conditions)
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db_session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == first.scalar_subquery())
        .values(state=MessageState.SENDING, attempts=OutboxMessage.attempts + 1, next_attempt_at=now + LEASE)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    ).first()
    return Order(**row._mapping, now=now) if row else None


def put_off(order: Order, now: datetime) -> None:
    """Try again after a pause, or give up."""
    again_at = next_attempt_at(order.attempts, now)
    if again_at is None:
        mark(order, state=MessageState.FAILED)
    else:
        mark(order, state=MessageState.QUEUED, next_attempt_at=again_at)


def release(order: Order, now: datetime) -> None:
    """Lay back what never left, for no fault of its own: it costs no attempt."""
    mark(order, state=MessageState.QUEUED, attempts=order.attempts - 1, next_attempt_at=now + PAUSES[0])


def mark(order: Order, **values: object) -> None:
    """Write down what became of the claim, unless it has run out and somebody else holds the message."""
    with transaction() as db_session:
        db_session.execute(
            sa.update(OutboxMessage)
            .where(
                OutboxMessage.id == order.id,
                OutboxMessage.state == MessageState.SENDING,
                OutboxMessage.attempts == order.attempts,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def log_without_words(order: Order, error: Exception) -> None:
    """Where it happened, without what it said: an error's words may repeat a name or an address."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("message %s was not written: %s\n%s", order.id, type(error).__name__, where)
