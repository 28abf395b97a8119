"""What sessions tell, read in a handful of statements: sums of folded sessions, and the few unfolded ones live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from integration.activities.models import SessionStatus
from integration.checkin.queries import SessionCounts, session_counts
from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.queries.statements import DATES, LIVE_PERSONS, OPEN_SESSIONS, PARTNERS, SUMS
from integration.indicators.rules.facts import Dated, Facts, Slice, Sums
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
    connection = db_session.connection()
    unfolded = _open_sessions(connection, wish)
    due = [session_id for session_id, each in unfolded.items() if each.planned and _has_begun(each, wish)]
    counts = session_counts(db_session, due)
    held = {session_id for session_id in due if counts[session_id].held}
    if wish.as_held in counts and counts[wish.as_held].held is None:
        held.add(wish.as_held)
    for session_id, each in unfolded.items():
        _add_open(facts, each, counts.get(session_id), held=session_id in held, today=wish.today)
    _add_sums(connection, facts, wish)
    if wish.dated:
        _add_dates(connection, facts, wish)
    if wish.partnered:
        _add_partners(connection, facts, wish, {each: unfolded[each] for each in held})
    if wish.council:
        came = [session_id for session_id in due if counts[session_id].held is not False]
        _add_live_persons(connection, facts, wish, came)
    return facts


def _open_sessions(connection: sa.Connection, wish: Wish) -> dict[int, _Open]:
    rows = connection.execute(
        OPEN_SESSIONS,
        {
            "programme": wish.programme_id,
            "from_on": date(wish.first_year, 1, 1),
            "until_on": date(min(wish.last_year, wish.today.year), 12, 31),
        },
    )
    keys: defaultdict[int, set[Key]] = defaultdict(set)
    found: dict[int, Any] = {}
    for row in rows:
        keys[row.session_id] |= {(row.action_id, row.year), (WHOLE_PROGRAMME, row.year)}
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
    return Sums(1, int(held), int(held and support), *(getattr(counts, name) for name in Sums._fields[3:]))


def _add_sums(connection: sa.Connection, facts: defaultdict[Key, Facts], wish: Wish) -> None:
    for action_id, year, kind, audience, sensitive, persons, *sums in connection.execute(SUMS, _years(wish)).all():
        found = facts[action_id, year]
        found.add(Slice(kind, audience, sensitive), Sums(*sums))
        found.persons = persons


def _add_dates(connection: sa.Connection, facts: defaultdict[Key, Facts], wish: Wish) -> None:
    rows = connection.execute(DATES, {**_years(wish), "actions": sorted(wish.dated)}).all()
    for action_id, year, kind, audience, sensitive, on, held, group in rows:
        facts[action_id, year].dates.add(Dated(Slice(kind, audience, sensitive), on, held, False, group))


def _add_partners(
    connection: sa.Connection, facts: defaultdict[Key, Facts], wish: Wish, live: dict[int, _Open]
) -> None:
    """O counts partners confirmed present at held sessions."""
    rows = connection.execute(PARTNERS, {**_years(wish), "actions": sorted(wish.partnered), "sessions": sorted(live)})
    for action_id, year, kind, audience, sensitive, partner, session_id in rows:
        if session_id is None:
            facts[action_id, year].partners.add((Slice(kind, audience, sensitive), partner))
            continue
        each = live[session_id]
        for key in each.keys:
            facts[key].partners.add((each.of, partner))


def _add_live_persons(
    connection: sa.Connection, facts: defaultdict[Key, Facts], wish: Wish, unfolded: Iterable[int]
) -> None:
    """U to this day."""
    rows = connection.execute(LIVE_PERSONS, {"programme": wish.programme_id, "sessions": sorted(unfolded)})
    for action_id, year, more in rows:
        found = facts[action_id, year]
        found.persons = (found.persons or 0) + int(more)


def _years(wish: Wish) -> dict[str, int]:
    return {"programme": wish.programme_id, "first_year": wish.first_year, "last_year": wish.last_year}
