"""What sessions tell, read in a handful of statements: what is folded, and the few sessions that are not live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from integration.activities.models import SessionStatus
from integration.checkin.queries import SessionCounts, session_counts
from integration.indicators.models import WHOLE_PROGRAMME, MarkKind
from integration.indicators.queries.statements import LIVE_PERSONS, MARKS, OPEN_SESSIONS, PARTNERS, SUMS
from integration.indicators.rules.facts import Dated, Facts, Slice, Sums
from integration.kernel.database import DbSession

Key = tuple[int, int]
"""Action id (0: the whole programme) and year."""
Places = frozenset[int]


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
    dated: Places
    partnered: Places
    council: bool
    as_held: int | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is not folded: planned, under way, to confirm, or closed a moment ago."""

    keys: tuple[Key, ...]
    of: Slice
    on: date
    planned: bool
    support: bool
    group: str | None
    partners: frozenset[int]
    """Confirmed present."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What changes only with what somebody plans, closes, folds or imports: not with a scan at the door."""

    unfolded: Mapping[int, OpenSession]
    due: tuple[int, ...]
    """Those of them at which people may have been counted."""
    sums: tuple[tuple[Key, Slice, Sums, int | None], ...]
    marks: tuple[tuple[Key, Slice, MarkKind, str], ...]


@dataclass(frozen=True, slots=True)
class Live:
    """What moves with each scan: the counts of the sessions that are due, and whom they add to U."""

    counts: Mapping[int, SessionCounts]
    persons: tuple[tuple[Key, int], ...]
    """What they add to U to this day; nothing for the public."""

    @property
    def key(self) -> Hashable:
        """The same for the same counts, and for no others."""
        return tuple(sorted(self.counts.items(), key=itemgetter(0))), self.persons


def programme_facts(db_session: DbSession, wish: Wish) -> dict[Key, Facts]:
    """The facts per action and year.

    Seven statements at most. Read in one snapshot (``kernel.database.one_moment``) no session is missed or counted
    twice while it is being folded.
    """
    settled = settled_facts(db_session, wish)
    return facts_of(wish, settled, live_facts(db_session, wish, settled))


def settled_facts(db_session: DbSession, wish: Wish) -> Settled:
    """What a scan at the door does not change, in four statements."""
    connection = db_session.connection()
    unfolded = _open_sessions(connection, wish)
    sums = tuple(
        ((row.action_id, row.year), Slice(row.kind, row.audience, row.sensitive), Sums(*row[-len(Sums._fields) :]), u)
        for row in connection.execute(SUMS, _years(wish))
        for u in (row.persons_now if wish.council else row.persons,)
    )
    asked = {"dated": sorted(wish.dated), "partnered": sorted(wish.partnered)}
    marks = tuple(
        ((action_id, year), Slice(kind, audience, sensitive), mark, value)
        for action_id, year, kind, audience, sensitive, mark, value in connection.execute(
            MARKS, {**_years(wish), **asked}
        )
    )
    due = tuple(sorted(number for number, each in unfolded.items() if each.planned and _has_begun(each, wish)))
    return Settled(unfolded, due, sums, marks)


def live_facts(db_session: DbSession, wish: Wish, settled: Settled) -> Live:
    """What the door has counted by now, in two statements or, with U to this day, three."""
    counts = session_counts(db_session, settled.due)
    if not (wish.council and counts):
        return Live(counts, ())
    came = [number for number in settled.due if counts[number].held is not False]
    rows = db_session.connection().execute(LIVE_PERSONS, {"programme": wish.programme_id, "sessions": came})
    return Live(counts, tuple(sorted(((action_id, year), int(more)) for action_id, year, more in rows)))


def facts_of(wish: Wish, settled: Settled, live: Live) -> dict[Key, Facts]:
    """Both together."""
    facts: defaultdict[Key, Facts] = defaultdict(Facts)
    for number, each in settled.unfolded.items():
        _add_open(facts, each, live.counts.get(number), as_held=number == wish.as_held, wish=wish)
    for key, of, sums, persons in settled.sums:
        facts[key].add(of, sums)
        facts[key].persons = persons
    for key, of, mark, value in settled.marks:
        _add_mark(facts[key], of, mark, value)
    for key, more in live.persons:
        facts[key].persons = (facts[key].persons or 0) + more
    return facts


def _open_sessions(connection: sa.Connection, wish: Wish) -> dict[int, OpenSession]:
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
    partners = _partners(connection, [number for number, row in found.items() if row.local_on <= _last_begun(wish)])
    return {number: _open(row, tuple(sorted(keys[number])), partners[number]) for number, row in found.items()}


def _partners(connection: sa.Connection, sessions: list[int]) -> defaultdict[int, frozenset[int]]:
    """O counts partners confirmed present at held sessions."""
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    if sessions:
        for number, partner in connection.execute(PARTNERS, {"sessions": sorted(sessions)}):
            found[number] |= {partner}
    return found


def _open(row: Any, keys: tuple[Key, ...], partners: frozenset[int]) -> OpenSession:
    of = Slice(row.kind, row.audience, row.sensitive)
    planned = row.status == SessionStatus.PLANNED
    return OpenSession(keys, of, row.local_on, planned, bool(row.language_support), row.group_name, partners)


def _has_begun(each: OpenSession, wish: Wish) -> bool:
    return each.on <= _last_begun(wish)


def _last_begun(wish: Wish) -> date:
    """Until when people may have been counted: doors open on the day, or the evening before, for after midnight."""
    return wish.today + timedelta(days=1)


def _add_open(
    facts: defaultdict[Key, Facts], each: OpenSession, counts: SessionCounts | None, *, as_held: bool, wish: Wish
) -> None:
    """V moves with each scan; everything else when held (rule 2)."""
    refused = counts is not None and counts.held is False
    held = counts is not None and (bool(counts.held) or (as_held and counts.held is None))
    sums = Sums(sessions=1) if counts is None or refused else _live_sums(counts, held=held, support=each.support)
    coming = each.planned and not held and not refused and each.on >= wish.today
    for key in each.keys:
        found = facts[key]
        found.add(each.of, sums)
        found.dates.add(Dated(each.of, each.on, held, coming))
        if held:
            found.groups |= {(each.of, each.group)} if each.group else set()
            found.partners |= {(each.of, partner) for partner in each.partners}


def _live_sums(counts: SessionCounts, *, held: bool, support: bool) -> Sums:
    return Sums(1, int(held), int(held and support), *(getattr(counts, name) for name in Sums._fields[3:]))


def _add_mark(found: Facts, of: Slice, mark: MarkKind, value: str) -> None:
    if mark is MarkKind.PARTNER:
        found.partners.add((of, int(value)))
    elif mark is MarkKind.GROUP:
        found.groups.add((of, value))
    else:
        found.dates.add(Dated(of, date.fromisoformat(value), mark is MarkKind.HELD, False))


def _years(wish: Wish) -> dict[str, int]:
    return {"programme": wish.programme_id, "first_year": wish.first_year, "last_year": wish.last_year}
