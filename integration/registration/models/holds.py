"""Floods of sign-ups from one network, kept apart until staff have looked; where sign-ups came from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.activities.models import Session
from integration.kernel.database import Base
from integration.registration.models.households import Household


class SignUpOrigin(Base):
    """From which network a sign-up came: kept for a day, so that a flood can be gathered again."""

    __tablename__ = "sign_up_origins"
    __table_args__ = (sa.Index("ix_sign_up_origins_network_at", "network", "at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    network: Mapped[str] = mapped_column(
        sa.String(64), doc="keyed digest of the network and the day; the address itself is never stored"
    )
    at: Mapped[datetime] = mapped_column(index=True)
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"))
    people: Mapped[int]
    turn: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="the how-manieth from this network: clocks are too coarse for a crowd"
    )


class Hold(Base):
    """One flood of sign-ups from one network. What is held hangs on it until staff accept or remove it."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    network: Mapped[str | None] = mapped_column(sa.String(64), index=True, doc="as in sign_up_origins; goes with them")
    began_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(doc="when the latest of its sign-ups came")
    accepted_at: Mapped[datetime | None] = mapped_column(
        doc="staff know this network: more from it the same day is no flood"
    )


class HeldSignUp(Base):
    """A sign-up that waits for staff: it takes no place from anybody and sends no message."""

    __tablename__ = "held_sign_ups"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "household_id"),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12", name="people"),
        sa.CheckConstraint("children_0_6 + children_7_12 + children_13_17 IN (0, children)", name="age_groups"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    hold_id: Mapped[int] = mapped_column(sa.ForeignKey("holds.id"), index=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"), index=True)
    adults: Mapped[int]
    children: Mapped[int]
    children_0_6: Mapped[int]
    children_7_12: Mapped[int]
    children_13_17: Mapped[int]
    help: Mapped[str | None] = mapped_column(
        sa.String(500), doc="needs: interpreter, step-free, childcare", info={"personal": True}
    )
    form_digest: Mapped[str] = mapped_column(sa.String(64), unique=True, doc="of the form's one-time token")
    created_at: Mapped[datetime] = mapped_column(doc="when it was sent: its turn when staff accept it")
    turn: Mapped[int] = mapped_column(default=0, server_default="0", doc="who was first within the same second")
    slot_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("slots.id", ondelete="SET NULL"), index=True, doc="the individual time that was chosen"
    )
    slot_language: Mapped[str | None] = mapped_column(sa.String(8), doc="as in waiting_entries")
    household: Mapped[Household] = relationship()
    session: Mapped[Session] = relationship()


class SharedPhone(Base):
    """A household signed up on a phone that remembered another one: perhaps the same family twice."""

    __tablename__ = "shared_phones"

    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        sa.ForeignKey("households.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
