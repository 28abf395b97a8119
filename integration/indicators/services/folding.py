"""Folding: what a settled session came to is added up once; news about it takes it out again, and it folds anew.

Folded figures always equal a recount of the rows (tested), and they survive the erasure of households: visitor keys
have no foreign key. Only the sets behind U are pseudonymous.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from integration.activities.models import Session, SessionPartner, SessionStatus
from integration.checkin.queries import SessionCounts, session_counts
from integration.indicators.models import (
    FoldedMark,
    FoldedPersons,
    FoldedServing,
    FoldedSession,
    FoldedSum,
    FoldedVisitor,
    MarkKind,
)
from integration.indicators.queries.servings import servings
from integration.indicators.queries.settled import is_settled
from integration.indicators.rules import Sums, month_start, part_of_month
from integration.indicators.services.places import Place, at, delete_from, places_of
from integration.indicators.services.visitors import (
    add_visitors,
    count_persons,
    gather_visitors,
    is_open,
    recount_visitors,
)
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession, insert_into

BATCH = 200
"""Sessions folded at one go; a late scan waits no longer than that takes."""

_SESSIONS: Any = FoldedSession.__table__

_LOCK = zlib.crc32(b"folded figures")
_BY = ("programme_id", "action_id", "year", "kind", "audience", "sensitive")
"""What sums and marks are kept by."""
_COUNTS = Sums._fields[3:]
"""The counts that a folded session carries itself."""


class SessionNews(Protocol):
    """News about one session, from the door or from those who plan it."""

    @property
    def session_id(self) -> int: ...


def fold_due(db_session: DbSession, now: datetime) -> None:
    """Fold sessions that are settled, and the visitors of months that have closed, a batch at a time."""
    _lock(db_session)
    _fold(db_session, _settled(db_session, now), now)
    if unseen := _of_closed_months(db_session, local_date(now)):
        _close_months(db_session, unseen)


def fold_until(db_session: DbSession, last_on: date, now: datetime) -> None:
    """Fold all that is settled up to a date, before the keys go: who is not in the sets by then is never counted."""
    _lock(db_session)
    while settled := _settled(db_session, now, Session.local_on <= last_on):
        _fold(db_session, settled, now)
    while unseen := _of_closed_months(db_session, local_date(now), FoldedSession.local_on <= last_on):
        _close_months(db_session, unseen)


def unfold(db_session: DbSession, news: SessionNews) -> None:
    """Take a session out of the figures, in the transaction that changed it; until it folds again it is read live."""
    _lock(db_session)
    db_session.flush()
    known = db_session.scalar(sa.select(FoldedSession.session_id).where(FoldedSession.session_id == news.session_id))
    if known is None:
        return
    places = places_of(db_session, [news.session_id])
    for table in (FoldedServing, FoldedSession):
        db_session.execute(delete_from(table).where(table.session_id == news.session_id))
    _sum_up(db_session, places)
    recount_visitors(db_session, places, news.session_id)
    count_persons(db_session, places)


def fold_together(db_session: DbSession, session_ids: Collection[int], now: datetime) -> None:
    """Fold many settled sessions at once, anew if need be; for those to whom nobody came by card (no visitor sets)."""
    _lock(db_session)
    db_session.flush()
    before = _take_out(db_session, session_ids)
    _add_sessions(db_session, list(session_ids), now, without_cards=True)
    if before:
        _sum_up(db_session, sorted({*before, *places_of(db_session, session_ids)}))
    else:
        _add_up(db_session, session_ids)


def unfold_together(db_session: DbSession, session_ids: Collection[int]) -> None:
    """Take sessions to which nobody came by card out of the figures, before they go."""
    _lock(db_session)
    db_session.flush()
    _sum_up(db_session, _take_out(db_session, session_ids))


def _take_out(db_session: DbSession, session_ids: Collection[int]) -> list[Place]:
    """Drop the folded rows of these sessions; returns the places whose sums are to be made anew."""
    places = places_of(db_session, session_ids)
    for table in (FoldedServing, FoldedSession):
        db_session.execute(delete_from(table).where(table.session_id.in_(session_ids)))
    return places


def rebuild(db_session: DbSession, now: datetime, progress: Callable[[int], None] = lambda _done: None) -> None:
    """Forget every folded figure and fold all settled sessions again, in this one transaction.

    ``progress`` is told every session twice: when it is folded, and when its visitors are told apart.
    """
    _lock(db_session)
    for table in (FoldedServing, FoldedSession, FoldedSum, FoldedMark, FoldedVisitor):
        db_session.execute(delete_from(table))
    db_session.execute(delete_from(FoldedPersons).where(is_open(FoldedPersons)))
    folded = 0
    while settled := _settled(db_session, now):
        _add_sessions(db_session, settled, now)
        folded += len(settled)
        progress(len(settled))
    _sum_up(db_session, None)
    _set_visitors_folded(db_session, FoldedSession.local_on < month_start(local_date(now)))
    gather_visitors(db_session, folded, progress)
    count_persons(db_session, None)


def _lock(db_session: DbSession) -> None:
    """One folds or unfolds at a time: else a scan that arrives while its session is folded would be lost."""
    if db_session.get_bind().dialect.name == "postgresql":
        db_session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _settled(db_session: DbSession, now: datetime, *where: sa.ColumnElement[bool]) -> list[int]:
    """Sessions not folded yet of which nothing more is expected: closed, or cancelled and over."""
    unfolded = ~sa.exists().where(FoldedSession.session_id == Session.id)
    due = sa.select(Session.id).where(unfolded, is_settled(now), *where)
    return list(db_session.scalars(due.order_by(Session.id).limit(BATCH)))


def _of_closed_months(db_session: DbSession, today: date, *where: sa.ColumnElement[bool]) -> list[int]:
    statement = (
        sa.select(FoldedSession.session_id)
        .where(~FoldedSession.visitors_folded, FoldedSession.local_on < month_start(today), *where)
        .order_by(FoldedSession.session_id)
        .limit(BATCH)
    )
    return list(db_session.scalars(statement))


def _fold(db_session: DbSession, session_ids: list[int], now: datetime) -> None:
    if session_ids:
        _add_sessions(db_session, session_ids, now)
        _sum_up(db_session, places_of(db_session, session_ids))
        _fold_visitors(db_session, session_ids)


def _close_months(db_session: DbSession, session_ids: list[int]) -> None:
    """Let those who came to these sessions be among the public's."""
    _set_visitors_folded(db_session, FoldedSession.session_id.in_(session_ids))
    _fold_visitors(db_session, session_ids)


def _fold_visitors(db_session: DbSession, session_ids: list[int]) -> None:
    add_visitors(db_session, session_ids)
    count_persons(db_session, places_of(db_session, session_ids))


def _set_visitors_folded(db_session: DbSession, *where: sa.ColumnElement[bool]) -> None:
    statement = sa.update(FoldedSession).where(*where).values(visitors_folded=True)
    db_session.execute(statement.execution_options(synchronize_session=False))


def _add_sessions(db_session: DbSession, session_ids: list[int], now: datetime, *, without_cards: bool = False) -> None:
    counts = session_counts(db_session, session_ids)
    names = ("kind", "audience", "sensitive", "group_name", "language_support", "status", "local_on")
    rows: Any = db_session.execute(
        sa.select(Session.id, *(getattr(Session, name) for name in names)).where(Session.id.in_(session_ids))
    )
    folded = [_folded(row, counts[row.id], now) | {"visitors_folded": without_cards} for row in rows]
    db_session.execute(sa.insert(_SESSIONS), folded)
    columns = ["session_id", "programme_id", "action_id", "year"]
    db_session.execute(sa.insert(FoldedServing).from_select(columns, servings(Session.id.in_(session_ids))))


def _folded(row: Any, counts: SessionCounts, now: datetime) -> dict[str, Any]:
    """The row of one session: a cancelled one, or one that was not held after all, counts for nothing (rule 2)."""
    held = row.status == SessionStatus.PLANNED and bool(counts.held)
    return {
        "session_id": row.id,
        "local_on": row.local_on,
        "part_on": part_of_month(row.local_on),
        "kind": row.kind,
        "audience": row.audience,
        "sensitive": row.sensitive,
        "group_name": row.group_name,
        "held": held,
        "language_support": bool(row.language_support),
        **{name: getattr(counts, name) if held else 0 for name in _COUNTS},
        "folded_at": now,
    }


def _sum_up(db_session: DbSession, places: list[Place] | None) -> None:
    """Make the sums and marks of these places (None: of all) anew."""
    for table in (FoldedSum, FoldedMark):
        db_session.execute(delete_from(table).where(at(table, places)))
    which = at(FoldedServing, places)
    db_session.execute(sa.insert(FoldedSum).from_select([*_BY, *Sums._fields], _sums(which)))
    db_session.execute(sa.insert(FoldedMark).from_select([*_BY, "mark", "value"], _marks(which)))


def _add_up(db_session: DbSession, session_ids: Collection[int]) -> None:
    """Let sums and marks grow by sessions that were in none of them; no others are looked at, be there ever so many."""
    which = FoldedServing.session_id.in_(session_ids)
    sums = insert_into(db_session, FoldedSum).from_select([*_BY, *Sums._fields], _sums(which))
    grown = {name: getattr(FoldedSum, name) + sums.excluded[name] for name in Sums._fields}
    db_session.execute(sums.on_conflict_do_update(index_elements=_BY, set_=grown))
    marks = insert_into(db_session, FoldedMark).from_select([*_BY, "mark", "value"], _marks(which))
    db_session.execute(marks.on_conflict_do_nothing())


def _sums(which: sa.ColumnElement[bool]) -> Any:
    held = sa.case((FoldedSession.held, 1), else_=0)
    supported = sa.case((sa.and_(FoldedSession.held, FoldedSession.language_support), 1), else_=0)
    sums = [sa.func.count(), sa.func.sum(held), sa.func.sum(supported)]
    sums += [sa.func.sum(getattr(FoldedSession, name)) for name in _COUNTS]
    added = _of_folded(which, *sums)
    return added.group_by(*list(added.selected_columns)[: len(_BY)])


def _marks(which: sa.ColumnElement[bool]) -> Any:
    """The different weeks within months, groups and partners of these servings."""
    text = sa.String(120)
    held_or_missed = sa.case((FoldedSession.held, MarkKind.HELD.value), else_=MarkKind.MISSED.value)
    weeks = _of_folded(which, held_or_missed, sa.cast(FoldedSession.part_on, text))
    groups = _of_folded(which, sa.literal(MarkKind.GROUP.value), FoldedSession.group_name)
    partners = _of_folded(which, sa.literal(MarkKind.PARTNER.value), sa.cast(SessionPartner.organisation_id, text))
    return sa.union(
        weeks,
        groups.where(FoldedSession.held, FoldedSession.group_name != ""),
        partners.join(SessionPartner, SessionPartner.session_id == FoldedSession.session_id).where(
            FoldedSession.held, SessionPartner.present.is_(True)
        ),
    )


def _of_folded(which: sa.ColumnElement[bool], *columns: Any) -> Any:
    """A select over the folded sessions of these servings, by what sums and marks are kept by."""
    by = [getattr(FoldedServing if name in FoldedServing.__table__.c else FoldedSession, name) for name in _BY]
    return (
        sa.select(*by, *columns)
        .select_from(FoldedServing)
        .join(FoldedSession, FoldedSession.session_id == FoldedServing.session_id)
        .where(which)
    )
