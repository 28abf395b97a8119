"""The sets behind U: each card's largest number of adults and of children seen together at folded sessions.

Every number is kept twice: among sessions of closed months, which is the public's, and among all, which is the
council's. Both grow and are counted again together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Attendance
from integration.indicators.models import (
    WHOLE_PROGRAMME,
    ClosedYear,
    FoldedPersons,
    FoldedServing,
    FoldedSession,
    FoldedVisitor,
)
from integration.indicators.services.places import Place, all_places, at, delete_from
from integration.kernel.database import DbSession, insert_into

_KEY = ("programme_id", "action_id", "year", "visitor_key")
_LARGEST = ("adults", "children", "adults_now", "children_now")
_COLUMNS = [*_KEY, *_LARGEST]


def add_visitors(db_session: DbSession, session_ids: list[int]) -> None:
    """Let the sets grow by what was seen at these sessions: the largest number wins."""
    insert = insert_into(db_session, FoldedVisitor).from_select(
        _COLUMNS, _seen(FoldedSession.session_id.in_(session_ids))
    )
    largest = {
        name: sa.case(
            (insert.excluded[name] > getattr(FoldedVisitor, name), insert.excluded[name]),
            else_=getattr(FoldedVisitor, name),
        )
        for name in _LARGEST
    }
    db_session.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=largest))


def recount_visitors(db_session: DbSession, places: list[Place], session_id: int) -> None:
    """Set the cards of a session that left the sets to what their other sessions show."""
    keys = sa.select(Attendance.visitor_key).where(
        Attendance.session_id == session_id, Attendance.visitor_key.is_not(None)
    )
    db_session.execute(delete_from(FoldedVisitor).where(at(FoldedVisitor, places), FoldedVisitor.visitor_key.in_(keys)))
    others = _seen(at(FoldedServing, places), Attendance.visitor_key.in_(keys))
    db_session.execute(sa.insert(FoldedVisitor).from_select(_COLUMNS, others))


def gather_visitors(db_session: DbSession, steps: int, progress: Callable[[int], None]) -> None:
    """Make the empty sets anew, one action and year after the other: none of them is larger than the city.

    A programme's set needs no look at the visits: whoever came to any of its actions is in one of theirs.
    """
    places = [each for each in all_places(db_session) if each[1] != WHOLE_PROGRAMME]
    for number, place in enumerate(places):
        seen = _seen(at(FoldedServing, [place]))
        db_session.execute(sa.insert(FoldedVisitor).from_select(_COLUMNS, seen))
        progress(steps * (number + 1) // len(places) - steps * number // len(places))
    by = (FoldedVisitor.programme_id, sa.literal(WHOLE_PROGRAMME), FoldedVisitor.year, FoldedVisitor.visitor_key)
    largest = (sa.func.max(getattr(FoldedVisitor, name)) for name in _LARGEST)
    together = sa.select(*by, *largest).group_by(*(each for each in by if each is not by[1]))
    db_session.execute(sa.insert(FoldedVisitor).from_select(_COLUMNS, together))


def count_persons(db_session: DbSession, places: list[Place] | None) -> None:
    """Make U of these places (None: of all) anew from their sets; of a closed year it stays, for its set is gone."""
    db_session.execute(delete_from(FoldedPersons).where(at(FoldedPersons, places), is_open(FoldedPersons)))
    by = (FoldedVisitor.programme_id, FoldedVisitor.action_id, FoldedVisitor.year)
    sums = (sa.func.sum(getattr(FoldedVisitor, name)) for name in _LARGEST)
    statement = sa.select(*by, *sums).where(at(FoldedVisitor, places)).group_by(*by)
    db_session.execute(sa.insert(FoldedPersons).from_select([*_KEY[:3], *_LARGEST], statement))


def is_open(table: Any) -> sa.ColumnElement[bool]:
    """The year still has its keys: of a closed one U is final and is never counted again."""
    return ~sa.exists().where(ClosedYear.programme_id == table.programme_id, ClosedYear.year == table.year)


def _seen(*where: sa.ColumnElement[bool]) -> Any:
    by = (FoldedServing.programme_id, FoldedServing.action_id, FoldedServing.year, Attendance.visitor_key)
    numbers = (Attendance.adults, Attendance.children)
    closed = (sa.func.max(sa.case((FoldedSession.visitors_folded, each), else_=0)) for each in numbers)
    return (
        sa.select(*by, *closed, *map(sa.func.max, numbers))
        .join(FoldedSession, FoldedSession.session_id == FoldedServing.session_id)
        .join(Attendance, Attendance.session_id == FoldedSession.session_id)
        .where(Attendance.visitor_key.is_not(None), Attendance.adults + Attendance.children > 0, *where)
        .where(FoldedSession.held, is_open(FoldedServing))
        .group_by(*by)
    )
