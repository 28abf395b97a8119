"""A household's places at a session."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.activities.models import Slot
from integration.kernel.database import Base
from integration.registration.models.households import Household


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
        sa.Index(
            "uq_registrations_slot",
            "slot_id",
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
    slot_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("slots.id"), doc="the individual time, where the session has such"
    )
    series_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("series.id"), index=True, doc="the series that this date belongs to"
    )
    household: Mapped[Household] = relationship()
    slot: Mapped[Slot | None] = relationship()
