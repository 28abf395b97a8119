"""Households and their cards: the only tables that hold a person's name or contact."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base


class Household(Base):
    """One contact: a name to be called by, and what was given of one's own will."""

    __tablename__ = "households"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random: counts nobody")
    name: Mapped[str | None] = mapped_column(
        sa.String(120),
        doc="what to be called; empty 120 days after the last session",
        info={"personal": True},
    )
    phone: Mapped[str | None] = mapped_column(sa.String(20), doc="E.164", info={"personal": True})
    email: Mapped[str | None] = mapped_column(sa.String(254), info={"personal": True})
    language: Mapped[str] = mapped_column(sa.String(8))
    reminders: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), doc="wants to be reminded the day before, where there is a contact"
    )
    sms_reminders: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), doc="wants an SMS two hours before"
    )
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(
        doc="when a desk last wrote down name or contact without a sign-up: forgetting counts from then too"
    )


class Card(Base):
    """A household's card. Its secrets are derived from its id and issue number; only digests are stored."""

    __tablename__ = "cards"
    __table_args__ = (sa.Index("ix_cards_household", "household_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"))
    issue: Mapped[int] = mapped_column(doc="raised by every reissue; the secrets of the old one die")
    pass_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the code in the QR: opens doors")
    code_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the say-able code: for the door only")
    link_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the household's own link: manages")
    visitor_key: Mapped[str] = mapped_column(
        sa.String(32), unique=True, doc="random; attendance carries it without foreign key"
    )
    feed_issue: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="raised when the household stops the address of its calendar feed"
    )
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    batch: Mapped[int | None] = mapped_column(
        sa.BigInteger, index=True, doc="random; cards that a desk issued together, to be printed together"
    )
    merged_into: Mapped[int | None] = mapped_column(
        sa.ForeignKey("cards.id"), index=True, doc="the household's card that lives on"
    )
    household: Mapped[Household] = relationship(lazy="joined", innerjoin=True)
