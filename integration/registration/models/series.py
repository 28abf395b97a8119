"""A household's sign-up for a whole series of dates."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class Series(Base):
    """A household comes to an activity's dates, those added later too; each date has its own registration."""

    __tablename__ = "series"
    __table_args__ = (
        sa.Index(
            "uq_series_live",
            "household_id",
            "activity_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12", name="people"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("households.id", ondelete="CASCADE"))
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activities.id"), index=True)
    adults: Mapped[int]
    children: Mapped[int]
    children_0_6: Mapped[int]
    children_7_12: Mapped[int]
    children_13_17: Mapped[int]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(doc="the household left the series")
