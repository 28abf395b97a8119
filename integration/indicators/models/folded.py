"""Folded figures: what finished sessions add up to, so that a dashboard never reads attendance rows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.activities.models import Audience, SessionKind
from integration.kernel.database import Base, word

WHOLE_PROGRAMME = 0
"""The action id under which a programme's own totals stand: there a session counts once (rule 7)."""


class FoldedSession(Base):
    """One settled session's figures, and what decides for which indicators it counts, as they were when it was folded.

    Idempotent: folding again gives the same row; news from the door or about the session removes it.
    """

    __tablename__ = "folded_sessions"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    local_on: Mapped[date] = mapped_column(index=True)
    part_on: Mapped[date] = mapped_column(
        doc="the first day of its week within its month: all that meters ask of dates"
    )
    kind: Mapped[SessionKind] = mapped_column(word(SessionKind))
    audience: Mapped[Audience] = mapped_column(word(Audience))
    sensitive: Mapped[bool]
    group_name: Mapped[str | None] = mapped_column(sa.String(120))
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
    visitors_folded: Mapped[bool] = mapped_column(
        index=True, doc="its month is closed: its visitors are among the public's in folded_visitors"
    )
    folded_at: Mapped[datetime]


class FoldedServing(Base):
    """A folded session counts for an action (or, with action_id 0, for its whole programme) in a year."""

    __tablename__ = "folded_servings"
    __table_args__ = (sa.Index("ix_folded_servings_year", "programme_id", "action_id", "year"),)

    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("folded_sessions.session_id", ondelete="CASCADE"), primary_key=True
    )
    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]


class FoldedSum(Base):
    """What the folded sessions of an action (or programme) and year add up to, by what indicators can ask for.

    A row is always the sum over folded_servings and folded_sessions; it is made anew whenever those change.
    """

    __tablename__ = "folded_sums"

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SessionKind] = mapped_column(word(SessionKind), primary_key=True)
    audience: Mapped[Audience] = mapped_column(word(Audience), primary_key=True)
    sensitive: Mapped[bool] = mapped_column(primary_key=True)
    sessions: Mapped[int] = mapped_column(doc="settled: held, not held or cancelled")
    held: Mapped[int]
    supported: Mapped[int] = mapped_column(doc="held with any language support")
    adults: Mapped[int]
    children: Mapped[int]
    scanned: Mapped[int]
    listed: Mapped[int]
    walk_in: Mapped[int]
    self_marked: Mapped[int]
    headcount: Mapped[int]
    imported: Mapped[int]
    identified: Mapped[int]


class MarkKind(StrEnum):
    """What is told apart, not added up."""

    HELD = "held"
    MISSED = "missed"
    GROUP = "group"
    PARTNER = "partner"


class FoldedMark(Base):
    """One of the different weeks within months, groups or partners of the folded sessions of an action and year.

    A year has some sixty weeks within months and a city some dozens of groups and partners, however many sessions there
    are. Like the sums these rows are made anew whenever the sessions below them change.
    """

    __tablename__ = "folded_marks"

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SessionKind] = mapped_column(word(SessionKind), primary_key=True)
    audience: Mapped[Audience] = mapped_column(word(Audience), primary_key=True)
    sensitive: Mapped[bool] = mapped_column(primary_key=True)
    mark: Mapped[MarkKind] = mapped_column(word(MarkKind), primary_key=True)
    value: Mapped[str] = mapped_column(
        sa.String(120), primary_key=True, doc="first day of a week within its month; name of a group; organisation id"
    )


class FoldedVisitor(Base):
    """The largest number of adults and children of one card seen together, per action (or programme) and year.

    U is their sum (rule 1): of closed months only, because public U is that of the last closed month (rule 10), and of
    all folded sessions, which is the council's. The set is pseudonymous and goes when the year's keys go; action_id 0
    is the whole programme.
    """

    __tablename__ = "folded_visitors"
    __table_args__ = (sa.Index("ix_folded_visitors_key", "visitor_key"),)

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    visitor_key: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    adults: Mapped[int] = mapped_column(doc="at sessions of closed months")
    children: Mapped[int]
    adults_now: Mapped[int] = mapped_column(doc="at all folded sessions")
    children_now: Mapped[int]


class FoldedPersons(Base):
    """U: the size of one set of folded_visitors, of closed months and of all; it stays when the set goes."""

    __tablename__ = "folded_persons"

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    adults: Mapped[int] = mapped_column(doc="of closed months; 0 while none with visitors is closed")
    children: Mapped[int]
    adults_now: Mapped[int] = mapped_column(doc="of all folded sessions")
    children_now: Mapped[int]
