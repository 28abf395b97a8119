"""What sessions tell, read in a handful of statements: sums of folded sessions, and the few unfolded ones live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session, SessionPartner, SessionStatus
from integration.checkin.models import Attendance
from integration.checkin.queries import SessionCounts, session_counts
from integration.indicators.models import (
    FoldedPersons,
    FoldedServing,
    FoldedSession,
    FoldedSum,
    FoldedVisitor,
)
from integration.indicators.queries.servings import servings
from integration.indicators.rules.facts import SUM_NAMES, Dated, Facts, Slice, Sums
from integration.kernel.database import DbSession

Key = tuple[int, int]
"""Action id (0: the whole programme) and year."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which facts to read of a programme's years.

    Sums are read of all actions; dates and groups only of ``dated`` actions, partners only of ``partnered`` ones.
    ``council``: U to this day, not only of closed months. ``as_held``: a session to confirm that
    is looked at as if it were held already.
    """

    programme_id: int
    first_year: int
    last_year: int
    today: date
    dated: frozenset[int]
    partnered: frozenset[int]
    council: bool
    as_held: int | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A session that is not folded: planned, under way, to confirm, or closed a moment ago."""

    keys: tuple[Key, ...]
    of: Slice
    on: date
    planned: bool
    support: bool
    group: str | None


def programme_facts(db_session: DbSession, wish: Wish) -> dict[Key, Facts]:
    """The facts per action and year.

    Seven statements at most. Read in one snapshot (``kernel.database.one_moment``) no session is missed or counted
    twice while it is being folded.
    """
    facts: defaultdict[Key, Facts] = defaultdict(Facts)
    unfolded = _open_sessions(db_session, wish)
    due = [session_id for session_id, each in unfolded.items() if each.planned and _has_begun(each, wish)]
    counts = session_counts(db_session, due)
    held = {session_id for session_id in due if counts[session_id].held}
    if wish.as_held in counts and counts[wish.as_held].held is None:
        held.add(wish.as_held)
    for session_id, each in unfolded.items():
        _add_open(facts, each, counts.get(session_id), held=session_id in held, today=wish.today)
    _add_sums(db_session, facts, wish)
    if wish.dated:
        _add_dates(db_session, facts, wish)
    if wish.partnered:
        _add_partners(db_session, facts, wish, {each: unfolded[each] for each in held})
    if wish.council:
        came = [session_id for session_id in due if counts[session_id].held is not False]
        _add_live_persons(db_session, facts, wish, came)
    return facts


def _open_sessions(db_session: DbSession, wish: Wish) -> dict[int, _Open]:
    last_on = date(min(wish.last_year, wish.today.year), 12, 31)
    unfolded = ~sa.exists().where(FoldedSession.session_id == Session.id)
    served = servings(unfolded, Session.local_on.between(date(wish.first_year, 1, 1), last_on)).subquery()
    rows = db_session.execute(
        sa.select(
            *(served.c.session_id, served.c.action_id, served.c.year, Session.local_on, Session.status),
            *(Session.kind, Session.audience, Session.sensitive, Session.language_support, Session.group_name),
        )
        .join(Session, Session.id == served.c.session_id)
        .where(served.c.programme_id == wish.programme_id)
    )
    keys: defaultdict[int, list[Key]] = defaultdict(list)
    found: dict[int, Any] = {}
    for row in rows:
        keys[row.session_id].append((row.action_id, row.year))
        found[row.session_id] = row
    return {session_id: _open(row, tuple(keys[session_id])) for session_id, row in found.items()}


def _open(row: Any, keys: tuple[Key, ...]) -> _Open:
    of = Slice(row.kind, row.audience, row.sensitive)
    planned = row.status == SessionStatus.PLANNED
    return _Open(keys, of, row.local_on, planned, bool(row.language_support), row.group_name)


def _has_begun(each: _Open, wish: Wish) -> bool:
    """Whether people may have been counted: doors open on the day, or the evening before a session after midnight."""
    return each.on <= wish.today + timedelta(days=1)


def _add_open(
    facts: defaultdict[Key, Facts], each: _Open, counts: SessionCounts | None, *, held: bool, today: date
) -> None:
    """V moves with each scan; everything else when held (rule 2)."""
    refused = counts is not None and counts.held is False
    sums = Sums(sessions=1) if counts is None or refused else _live_sums(counts, held=held, support=each.support)
    coming = each.planned and not held and not refused and each.on >= today
    dated = Dated(each.of, each.on, held, coming, each.group)
    for key in each.keys:
        facts[key].add(each.of, sums)
        facts[key].dates.add(dated)


def _live_sums(counts: SessionCounts, *, held: bool, support: bool) -> Sums:
    return Sums(
        sessions=1,
        held=int(held),
        supported=int(held and support),
        **{name: getattr(counts, name) for name in SUM_NAMES[3:]},
    )


def _add_sums(db_session: DbSession, facts: defaultdict[Key, Facts], wish: Wish) -> None:
    same = (
        FoldedPersons.programme_id == FoldedSum.programme_id,
        FoldedPersons.action_id == FoldedSum.action_id,
        FoldedPersons.year == FoldedSum.year,
    )
    columns = (getattr(FoldedSum, name) for name in SUM_NAMES)
    rows = db_session.execute(
        sa.select(
            *(FoldedSum.action_id, FoldedSum.year, FoldedSum.kind, FoldedSum.audience, FoldedSum.sensitive),
            (FoldedPersons.adults + FoldedPersons.children).label("persons"),
            *columns,
        )
        .outerjoin(FoldedPersons, sa.and_(*same))
        .where(
            FoldedSum.programme_id == wish.programme_id,
            FoldedSum.year.between(wish.first_year, wish.last_year),
        )
    )
    for action_id, year, kind, audience, sensitive, persons, *sums in rows:
        found = facts[action_id, year]
        found.add(Slice(kind, audience, sensitive), Sums(*sums))
        found.persons = persons


def _folded(wish: Wish, action_ids: Collection[int], *columns: Any) -> Any:
    return (
        sa.select(
            *(FoldedServing.action_id, FoldedServing.year),
            *(FoldedSession.kind, FoldedSession.audience, FoldedSession.sensitive),
            *columns,
        )
        .join(FoldedSession, FoldedSession.session_id == FoldedServing.session_id)
        .where(
            FoldedServing.programme_id == wish.programme_id,
            FoldedServing.action_id.in_(sorted(action_ids)),
            FoldedServing.year.between(wish.first_year, wish.last_year),
        )
        .distinct()
    )


def _add_dates(db_session: DbSession, facts: defaultdict[Key, Facts], wish: Wish) -> None:
    rows = db_session.execute(
        _folded(wish, wish.dated, FoldedSession.local_on, FoldedSession.held, FoldedSession.group_name)
    )
    for action_id, year, kind, audience, sensitive, on, held, group in rows:
        facts[action_id, year].dates.add(Dated(Slice(kind, audience, sensitive), on, held, False, group))


def _add_partners(db_session: DbSession, facts: defaultdict[Key, Facts], wish: Wish, live: dict[int, _Open]) -> None:
    """O counts partners confirmed present at held sessions."""
    none = sa.null()
    folded = (
        _folded(wish, wish.partnered, SessionPartner.organisation_id, sa.cast(none, sa.Integer).label("live"))
        .join(SessionPartner, SessionPartner.session_id == FoldedSession.session_id)
        .where(FoldedSession.held, SessionPartner.present.is_(True))
    )
    unfolded = sa.select(none, none, none, none, none, SessionPartner.organisation_id, SessionPartner.session_id).where(
        SessionPartner.session_id.in_(sorted(live)), SessionPartner.present.is_(True)
    )
    for action_id, year, kind, audience, sensitive, partner, session_id in db_session.execute(
        folded.union_all(unfolded)
    ):
        if session_id is None:
            facts[action_id, year].partners.add((Slice(kind, audience, sensitive), partner))
            continue
        each = live[session_id]
        for key in each.keys:
            facts[key].partners.add((each.of, partner))


def _add_live_persons(
    db_session: DbSession, facts: defaultdict[Key, Facts], wish: Wish, unfolded: Iterable[int]
) -> None:
    """U to this day: what the sessions that are not in the sets yet add to each card's largest numbers."""
    settled = sa.select(FoldedSession.session_id).where(~FoldedSession.visitors_folded, FoldedSession.held)
    served = servings(sa.or_(Session.id.in_(settled), Session.id.in_(sorted(unfolded)))).subquery()
    seen = _largest_groups(served, wish.programme_id)
    more = [
        sa.func.sum(sa.case((column > known, column - known), else_=0))
        for column, known in (
            (seen.c.adults, sa.func.coalesce(FoldedVisitor.adults, 0)),
            (seen.c.children, sa.func.coalesce(FoldedVisitor.children, 0)),
        )
    ]
    same = (
        FoldedVisitor.programme_id == wish.programme_id,
        FoldedVisitor.action_id == seen.c.action_id,
        FoldedVisitor.year == seen.c.year,
        FoldedVisitor.visitor_key == seen.c.visitor_key,
    )
    rows = db_session.execute(
        sa.select(seen.c.action_id, seen.c.year, *more)
        .outerjoin(FoldedVisitor, sa.and_(*same))
        .group_by(seen.c.action_id, seen.c.year)
    )
    for action_id, year, adults, children in rows:
        found = facts[action_id, year]
        found.persons = (found.persons or 0) + int(adults) + int(children)


def _largest_groups(served: Any, programme_id: int) -> Any:
    return (
        sa.select(
            *(served.c.action_id, served.c.year, Attendance.visitor_key),
            sa.func.max(Attendance.adults).label("adults"),
            sa.func.max(Attendance.children).label("children"),
        )
        .join(Attendance, Attendance.session_id == served.c.session_id)
        .where(
            served.c.programme_id == programme_id,
            Attendance.visitor_key.is_not(None),
            Attendance.adults + Attendance.children > 0,
        )
        .group_by(served.c.action_id, served.c.year, Attendance.visitor_key)
        .subquery()
    )
