"""Folded figures: what finished sessions add up to, so that a dashboard never reads attendance rows."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class FoldedSession(Base):
    """One session's figures. Idempotent: folding again replaces the row; news from the door removes it."""

    __tablename__ = "folded_sessions"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    local_on: Mapped[date] = mapped_column(index=True)
    held: Mapped[bool]
    language_support: Mapped[bool]
    adults: Mapped[int]
    children: Mapped[int]
    scanned: Mapped[int] = mapped_column(doc="visits by source (rule 3)")
    listed: Mapped[int]
    walk_in: Mapped[int]
    self_marked: Mapped[int]
    headcount: Mapped[int]
    imported: Mapped[int]
    identified: Mapped[int] = mapped_column(doc="visits that could be tied to a card")
    folded_at: Mapped[datetime]


class FoldedVisitor(Base):
    """The largest number of adults and children of one card seen together, per action (or programme) and year.

    U is their sum (rule 1). The set is pseudonymous and goes when the year's keys go;
    action_id 0 is the whole programme.
    """

    __tablename__ = "folded_visitors"
    __table_args__ = (sa.Index("ix_folded_visitors_key", "visitor_key"),)

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    visitor_key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    adults: Mapped[int]
    children: Mapped[int]
