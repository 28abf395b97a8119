"""What became of messages, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.mail.models import DropReason, MessageState, OutboxMessage


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


def messages_about(db_session: DbSession, about: str) -> MessageCounts:
    """The messages about this, in one statement. Not told: recipients, not messages, who are to be called instead."""
    message = OutboxMessage
    lost = sa.or_(
        message.state == MessageState.FAILED,
        sa.and_(message.state == MessageState.DROPPED, message.drop_reason == DropReason.UNREACHABLE),
    )
    row = db_session.execute(
        sa.select(
            _count(message.state.in_((MessageState.QUEUED, MessageState.SENDING))),
            _count(message.state == MessageState.SENT),
            _count(message.state == MessageState.DOUBTFUL),
            sa.func.count(sa.distinct(sa.case((lost, message.recipient_id)))),
        ).where(message.about == about)
    ).one()
    return MessageCounts(*row)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
