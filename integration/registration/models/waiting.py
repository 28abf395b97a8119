"""Who waits for places at a session that is full."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.activities.models import Slot
from integration.kernel.database import Base, word
from integration.registration.models.households import Household


class WaitingState(StrEnum):
    """What became of an entry; only one that waits or is offered places is open."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LEFT = "left"
    EXPIRED = "expired"
    VOID = "void"


OPEN_STATES = (WaitingState.WAITING, WaitingState.OFFERED)
_OPEN = sa.text("state IN ('waiting', 'offered')")
_OFFERED = sa.text("state = 'offered'")


class WaitingEntry(Base):
    """A household's place in a session's queue: for all of its people, or for those added to places it has.

    ``adults`` and ``children`` say who would come in all; ``places`` how many places that takes beyond those
    that the household has. Where nobody knows better, the queue stands in the order of ``turn``.

    At a session with individual times the entry waits for any of them, or for one with an adviser who speaks
    ``slot_language``; ``slot_id`` is the time that is kept while it is offered.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        sa.Index(
            "uq_waiting_entries_open",
            "session_id",
            "household_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index("uq_waiting_entries_slot", "slot_id", unique=True, sqlite_where=_OFFERED, postgresql_where=_OFFERED),
        sa.UniqueConstraint("session_id", "turn"),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12", name="people"),
        sa.CheckConstraint("children_0_6 + children_7_12 + children_13_17 IN (0, children)", name="age_groups"),
        sa.CheckConstraint("places BETWEEN 1 AND adults + children", name="places"),
        sa.CheckConstraint("(state = 'offered') <= (offer_expires_at IS NOT NULL)", name="offer"),
        sa.CheckConstraint("(state IN ('waiting', 'offered')) = (closed_at IS NULL)", name="closed"),
        sa.CheckConstraint("slot_id IS NULL OR state = 'offered'", name="slot"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"), index=True)
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE"),
        index=True,
        doc="the places that it would add to; when taken, the places it became; empty while all of them wait",
    )
    is_increase: Mapped[bool] = mapped_column(doc="adds to places that the household has")
    turn: Mapped[int] = mapped_column(doc="the how-manieth to join this session's queue")
    places: Mapped[int]
    adults: Mapped[int]
    children: Mapped[int]
    children_0_6: Mapped[int]
    children_7_12: Mapped[int]
    children_13_17: Mapped[int]
    help: Mapped[str | None] = mapped_column(
        sa.String(500), doc="needs, until the entry is closed", info={"personal": True}
    )
    form_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True, doc="of the form's one-time token")
    state: Mapped[WaitingState] = mapped_column(word(WaitingState))
    queued_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offer_expires_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    series_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("series.id"), index=True, doc="the series that this date belongs to"
    )
    slot_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("slots.id"), doc="the individual time that is kept for the household while it is offered"
    )
    slot_language: Mapped[str | None] = mapped_column(
        sa.String(8), doc="waits for an individual time with an adviser who speaks this; empty: for any"
    )
    household: Mapped[Household] = relationship()
    slot: Mapped[Slot | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the household still waits, or has an offer to answer."""
        return self.state in OPEN_STATES
