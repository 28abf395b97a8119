"""The outbox: what is to be told to whom, written in the same transaction as what it tells of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base, word


class MessageState(StrEnum):
    """What has become of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    DOUBTFUL = "doubtful"


class DropReason(StrEnum):
    """Why a message was dropped: nobody to send it to, its household deleted itself, or it is no longer true."""

    UNREACHABLE = "unreachable"
    ERASED = "erased"
    OUTDATED = "outdated"


class Channel(StrEnum):
    """By which way a message goes."""

    EMAIL = "email"
    SMS = "sms"


class OutboxMessage(Base):
    """One message of one fact by one channel. It holds no address and no words: both are found when it is sent."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        sa.Index("ix_outbox_messages_due", "channel", "state", "next_attempt_at"),
        sa.Index("ix_outbox_messages_recipient", "recipient_kind", "recipient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        sa.String(120), unique=True, doc="names the fact, the channel, and a resending by hand"
    )
    fact: Mapped[str] = mapped_column(
        sa.String(120), server_default="", doc="what is told: the same on every channel and in every resending"
    )
    channel: Mapped[Channel] = mapped_column(word(Channel), server_default=Channel.EMAIL)
    urgent: Mapped[bool] = mapped_column(server_default=sa.false(), doc="leaves at night too")
    kind: Mapped[str] = mapped_column(sa.String(32), doc="which composer writes it")
    recipient_kind: Mapped[str] = mapped_column(sa.String(32), doc="who knows the address: household")
    recipient_id: Mapped[int] = mapped_column(sa.BigInteger, doc="no foreign key: whoever is erased is not found")
    language: Mapped[str] = mapped_column(sa.String(8))
    about: Mapped[str] = mapped_column(sa.String(40), index=True, doc="what staff find it by: session:<id>")
    facts: Mapped[dict[str, Any]] = mapped_column(doc="numbers and ids that the composer needs, never words")
    message_id: Mapped[str] = mapped_column(sa.String(255), unique=True, doc="RFC 5322 3.6.4: the same on every repeat")
    state: Mapped[MessageState] = mapped_column(word(MessageState))
    drop_reason: Mapped[DropReason | None] = mapped_column(word(DropReason))
    attempts: Mapped[int] = mapped_column(doc="how often sending was begun")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    next_attempt_at: Mapped[datetime] = mapped_column(
        doc="when a queued one is tried next; when one being sent is taken for forgotten"
    )
    sent_at: Mapped[datetime | None]
