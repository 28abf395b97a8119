"""Sending again by hand what failed or may not have arrived: a message of its own, about the same fact."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.mail.errors import NothingToResend
from integration.mail.models import MessageState, OutboxMessage
from integration.mail.services.queueing import insert_message

RESENDABLE = (MessageState.DOUBTFUL, MessageState.FAILED)
COPIED = ("kind", "recipient_kind", "recipient_id", "language", "about", "facts", "fact", "channel")


def resend_message(db_session: DbSession, message_id: int, about: str | None, now: datetime) -> None:
    """Queue it once more, whatever the hour, for a person asked; pressing twice sends it once.

    Raises NothingToResend when there is no such message ``about`` this, or it neither failed nor is in doubt.
    """
    conditions = [OutboxMessage.id == message_id, OutboxMessage.state.in_(RESENDABLE)]
    if about is not None:
        conditions.append(OutboxMessage.about == about)
    message = db_session.scalars(sa.select(OutboxMessage).where(*conditions)).first()
    if message is None:
        raise NothingToResend
    values = {name: getattr(message, name) for name in COPIED}
    again = {"key": f"{message.key}+", "state": MessageState.QUEUED, "drop_reason": None, "urgent": True}
    insert_message(db_session, {**values, **again}, now)
