"""What became of messages: in numbers, and those that need a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from integration.kernel.database import DbSession
from integration.mail.models import Channel, DropReason, MessageState, OutboxMessage

ALIVE = (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.DOUBTFUL)
"""What of a fact has reached, may have reached or will yet reach somebody."""


@dataclass(frozen=True)
class MessageCounts:
    """How many messages about something wait, were sent, may have been sent; and how many could not be told."""

    waiting: int
    sent: int
    doubtful: int
    not_told: int

    @property
    def any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.waiting or self.sent or self.doubtful or self.not_told)


@dataclass(frozen=True)
class MessageGroup:
    """How many messages of one kind, on one channel, are in one state, and when the last of them got there."""

    kind: str
    channel: Channel
    state: MessageState
    drop_reason: DropReason | None
    count: int
    last_at: datetime


@dataclass(frozen=True)
class Untold:
    """A recipient who could not be told by any channel, and of what."""

    recipient_id: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Troubled:
    """One message that failed or may not have arrived, and was not sent again since."""

    id: int
    about: str
    kind: str
    channel: Channel
    state: MessageState
    recipient_id: int
    due_at: datetime


def messages_about(db_session: DbSession, about: str) -> MessageCounts:
    """The messages about this, in one statement. Not told: recipients, not messages, who are to be called instead."""
    message = OutboxMessage
    untold = _untold(message.about == about).subquery()
    not_told = sa.select(sa.func.count(sa.distinct(untold.c.recipient_id))).scalar_subquery()
    row = db_session.execute(
        sa.select(
            _count(message.state.in_((MessageState.QUEUED, MessageState.SENDING))),
            _count(message.state == MessageState.SENT),
            _count(sa.and_(message.state == MessageState.DOUBTFUL, ~_sent_again())),
            not_told,
        ).where(message.about == about)
    ).one()
    return MessageCounts(*row)


def message_groups(db_session: DbSession, about: str) -> list[MessageGroup]:
    """The messages about this by kind, channel and state, in the order in which they were first written."""
    message = OutboxMessage
    names = (message.kind, message.channel, message.state, message.drop_reason)
    last_at = sa.func.max(sa.func.coalesce(message.sent_at, message.due_at), type_=message.due_at.type)
    rows = db_session.execute(
        sa.select(*names, sa.func.count(), last_at)
        .where(message.about == about)
        .group_by(*names)
        .order_by(sa.func.min(message.id))
    )
    return [MessageGroup(*row) for row in rows]


def untold_about(db_session: DbSession, about: str) -> list[Untold]:
    """Whom to call, and what they do not know."""
    found: dict[int, dict[str, None]] = {}
    for recipient_id, kind, _about in db_session.execute(_untold(OutboxMessage.about == about)):
        found.setdefault(recipient_id, {})[kind] = None
    return [Untold(recipient_id, tuple(kinds)) for recipient_id, kinds in found.items()]


def untold_counts(db_session: DbSession, abouts: Collection[str] | None, since: datetime) -> dict[str, int]:
    """How many recipients could not be told, by what it is about; of these things, or of all (None)."""
    conditions = [OutboxMessage.due_at >= since]
    if abouts is not None:
        conditions.append(OutboxMessage.about.in_(abouts))
    untold = _untold(*conditions).subquery()
    rows = db_session.execute(
        sa.select(untold.c.about, sa.func.count(sa.distinct(untold.c.recipient_id))).group_by(untold.c.about)
    )
    return {row[0]: row[1] for row in rows}


def troubled_messages(db_session: DbSession, about: str | None = None) -> list[Troubled]:
    """What failed or is in doubt and was not sent again, about this or about anything; the latest first."""
    message = OutboxMessage
    names = ("id", "about", "kind", "channel", "state", "recipient_id", "due_at")
    conditions = [message.state.in_((MessageState.FAILED, MessageState.DOUBTFUL)), ~_sent_again()]
    if about is not None:
        conditions.append(message.about == about)
    rows = db_session.execute(
        sa.select(*(getattr(message, name) for name in names)).where(*conditions).order_by(message.id.desc())
    )
    return [Troubled(*row) for row in rows]


def _untold(*conditions: sa.ColumnElement[bool]) -> sa.Select[int, str, str]:
    """Recipient, kind and subject of each fact that got through by no channel."""
    message = OutboxMessage
    lost = sa.or_(
        message.state == MessageState.FAILED,
        sa.and_(message.state == MessageState.DROPPED, message.drop_reason == DropReason.UNREACHABLE),
    )
    names = (message.recipient_id, message.kind, message.about)
    return (
        sa.select(*names)
        .where(*conditions)
        .group_by(message.fact, message.recipient_kind, *names)
        .having(_count(lost) > 0, _count(message.state.in_(ALIVE)) == 0)
        .order_by(sa.func.min(message.id))
    )


def _sent_again() -> sa.ColumnElement[bool]:
    again = aliased(OutboxMessage)
    return sa.exists().where(again.key == OutboxMessage.key + "+")


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
