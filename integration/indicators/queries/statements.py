"""The statements behind a programme's figures, built once: to put one together takes longer than to run it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session, SessionPartner
from integration.checkin.models import Attendance
from integration.indicators.models import (
    ClosedYear,
    FoldedMark,
    FoldedPersons,
    FoldedSession,
    FoldedSum,
    FoldedVisitor,
    MarkKind,
)
from integration.indicators.queries.servings import actions_of, servings
from integration.indicators.rules.facts import Sums
from integration.programme.models import Action

PROGRAMME = sa.bindparam("programme", type_=sa.Integer)
FIRST_YEAR = sa.bindparam("first_year", type_=sa.Integer)
LAST_YEAR = sa.bindparam("last_year", type_=sa.Integer)
FROM_ON = sa.bindparam("from_on", type_=sa.Date)
UNTIL_ON = sa.bindparam("until_on", type_=sa.Date)
DATED = sa.bindparam("dated", expanding=True, type_=sa.Integer)
PARTNERED = sa.bindparam("partnered", expanding=True, type_=sa.Integer)
SESSIONS = sa.bindparam("sessions", expanding=True, type_=sa.Integer)


def _open_sessions() -> Any:
    """Sessions of the programme that are not folded: planned, under way, to confirm, or closed a moment ago."""
    # So told, the two columns of ids are compared first: looking each up in turn takes twice as long.
    unfolded = sa.select(Session.id).where(Session.id.not_in(sa.select(FoldedSession.session_id)))
    served = actions_of(Action.id, Session.id.in_(unfolded), Session.local_on.between(FROM_ON, UNTIL_ON))
    return served.where(Action.programme_id == PROGRAMME).add_columns(
        *(Session.local_on, Session.status, Session.kind, Session.audience),
        *(Session.sensitive, Session.language_support, Session.group_name),
    )


def _sums() -> Any:
    """What is folded, with U beside it, of the closed months and to this day; none of nobody."""
    same = (
        FoldedPersons.programme_id == FoldedSum.programme_id,
        FoldedPersons.action_id == FoldedSum.action_id,
        FoldedPersons.year == FoldedSum.year,
    )
    return (
        sa.select(
            *(FoldedSum.action_id, FoldedSum.year, FoldedSum.kind, FoldedSum.audience, FoldedSum.sensitive),
            sa.func.nullif(FoldedPersons.adults + FoldedPersons.children, 0).label("persons"),
            sa.func.nullif(FoldedPersons.adults_now + FoldedPersons.children_now, 0).label("persons_now"),
            *(getattr(FoldedSum, name) for name in Sums._fields),
        )
        .outerjoin(FoldedPersons, sa.and_(*same))
        .where(FoldedSum.programme_id == PROGRAMME, FoldedSum.year.between(FIRST_YEAR, LAST_YEAR))
    )


def _marks() -> Any:
    """What folded sessions have that is told apart: weeks and groups of some actions, partners of others."""
    partner = FoldedMark.mark == MarkKind.PARTNER
    asked = (sa.and_(~partner, FoldedMark.action_id.in_(DATED)), sa.and_(partner, FoldedMark.action_id.in_(PARTNERED)))
    columns = ("action_id", "year", "kind", "audience", "sensitive", "mark", "value")
    return sa.select(*(getattr(FoldedMark, name) for name in columns)).where(
        FoldedMark.programme_id == PROGRAMME, FoldedMark.year.between(FIRST_YEAR, LAST_YEAR), sa.or_(*asked)
    )


def _partners() -> Any:
    """Partners confirmed present at these sessions."""
    return sa.select(SessionPartner.session_id, SessionPartner.organisation_id).where(
        SessionPartner.session_id.in_(SESSIONS), SessionPartner.present.is_(True)
    )


def _live_persons() -> Any:
    """What the sessions that are not folded yet add to each card's largest numbers."""
    served = servings(Session.id.in_(SESSIONS)).subquery()
    seen = _largest_groups(served)
    same = (
        FoldedVisitor.programme_id == PROGRAMME,
        FoldedVisitor.action_id == seen.c.action_id,
        FoldedVisitor.year == seen.c.year,
        FoldedVisitor.visitor_key == seen.c.visitor_key,
    )
    return (
        sa.select(
            seen.c.action_id,
            seen.c.year,
            _more(seen.c.adults, FoldedVisitor.adults_now) + _more(seen.c.children, FoldedVisitor.children_now),
        )
        .outerjoin(FoldedVisitor, sa.and_(*same))
        .group_by(seen.c.action_id, seen.c.year)
    )


def _more(now: Any, known: Any) -> Any:
    before = sa.func.coalesce(known, 0)
    return sa.func.sum(sa.case((now > before, now - before), else_=0))


def _largest_groups(served: Any) -> Any:
    return (
        sa.select(
            *(served.c.action_id, served.c.year, Attendance.visitor_key),
            sa.func.max(Attendance.adults).label("adults"),
            sa.func.max(Attendance.children).label("children"),
        )
        .join(Attendance, Attendance.session_id == served.c.session_id)
        .where(
            served.c.programme_id == PROGRAMME,
            Attendance.visitor_key.is_not(None),
            Attendance.adults + Attendance.children > 0,
            ~sa.exists().where(ClosedYear.programme_id == PROGRAMME, ClosedYear.year == served.c.year),
        )
        .group_by(served.c.action_id, served.c.year, Attendance.visitor_key)
        .subquery()
    )


OPEN_SESSIONS = _open_sessions()
SUMS = _sums()
MARKS = _marks()
PARTNERS = _partners()
LIVE_PERSONS = _live_persons()
