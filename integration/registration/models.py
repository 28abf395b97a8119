"""Households, cards and registrations: the only tables that hold a person's name or contact."""

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
    created_at: Mapped[datetime]


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
    household: Mapped[Household] = relationship(lazy="joined", innerjoin=True)


class Registration(Base):
    """A household's places at a session; taken for the whole household or not at all (rule 13)."""

    __tablename__ = "registrations"
    __table_args__ = (
        sa.Index(
            "uq_registrations_live",
            "session_id",
            "household_id",
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        ),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12", name="people"),
        sa.CheckConstraint("children_0_6 + children_7_12 + children_13_17 IN (0, children)", name="age_groups"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"), index=True)
    adults: Mapped[int]
    children: Mapped[int]
    children_0_6: Mapped[int]
    children_7_12: Mapped[int]
    children_13_17: Mapped[int]
    help: Mapped[str | None] = mapped_column(
        sa.String(500), doc="needs: interpreter, step-free, childcare", info={"personal": True}
    )
    form_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True, doc="of the form's one-time token")
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    household: Mapped[Household] = relationship()
