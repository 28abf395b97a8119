"""Letting messages go: those of a household that deleted itself, and old ones."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.mail.models import DropReason, MessageState, OutboxMessage
from integration.mail.rules import KEPT

DONE = (MessageState.SENT, MessageState.FAILED, MessageState.DROPPED, MessageState.DOUBTFUL)


def drop_messages_of(db_session: DbSession, recipient_kind: str, recipient_id: int) -> None:
    """Tell nothing more to a recipient who is being erased."""
    db_session.execute(
        sa.update(OutboxMessage)
        .where(
            OutboxMessage.recipient_kind == recipient_kind,
            OutboxMessage.recipient_id == recipient_id,
            OutboxMessage.state == MessageState.QUEUED,
        )
        .values(state=MessageState.DROPPED, drop_reason=DropReason.ERASED)
        .execution_options(synchronize_session=False)
    )


def redirect_messages(db_session: DbSession, recipient_kind: str, gone_id: int, kept_id: int) -> None:
    """Two recipients turned out to be one: what is said of the gone one's messages is said of the kept one's."""
    db_session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.recipient_kind == recipient_kind, OutboxMessage.recipient_id == gone_id)
        .values(recipient_id=kept_id)
        .execution_options(synchronize_session=False)
    )


def forget_old_messages(db_session: DbSession, now: datetime) -> None:
    """Delete what became of messages when it is nobody's business any more."""
    db_session.execute(
        sa.delete(OutboxMessage)
        .where(OutboxMessage.due_at < now - KEPT, OutboxMessage.state.in_(DONE))
        .execution_options(synchronize_session=False)
    )
