"""Folded figures always equal a recount, whatever happened in between and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.activities.models import Activity, Audience, Session, SessionKind, SessionStatus
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance, Closing
from integration.indicators import models
from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.queries.facts import Wish, programme_facts
from integration.indicators.rules import SOURCES, counted, distinct_months, distinct_weeks
from integration.indicators.services import fold_due, rebuild, unfold
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.models import Action, Programme
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import close, make_action, make_attendance, make_programme, serve
from tests.factories.organisations import make_organisation
from tests.unit.indicators.recount import recount

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CLOSED = date(2026, 11, 1)
TABLES = (
    models.FoldedSession,
    models.FoldedServing,
    models.FoldedSum,
    models.FoldedVisitor,
    models.FoldedPersons,
)


@dataclass
class World:
    """A programme with three actions; two activities serve them, one of them two actions, by dates."""

    programme: Programme
    actions: list[Action]
    activities: list[Activity]
    partners: list[int]


def make_world(db_session: DbSession) -> World:
    """One activity serves a second action from summer 2026 on; another stops serving at midsummer."""
    programme = make_programme(db_session)
    actions = [make_action(db_session, programme) for _ in range(3)]
    activities = [make_activity(db_session), make_activity(db_session)]
    serve(db_session, activities[0], actions[0])
    serve(db_session, activities[0], actions[1], date(2026, 7, 1))
    serve(db_session, activities[1], actions[1], date(2024, 1, 1), date(2026, 6, 20))
    serve(db_session, activities[1], actions[2])
    other = make_action(db_session, make_programme(db_session))
    serve(db_session, activities[1], other)
    return World(programme, actions, activities, [make_organisation(db_session).id for _ in range(3)])


people = st.tuples(st.sampled_from(["k1", "k2", "k3", None]), st.integers(0, 3), st.integers(0, 3))
session_facts = st.fixed_dictionaries(
    {
        "activity": st.integers(0, 1),
        "on": st.dates(date(2025, 12, 28), date(2026, 12, 3)),
        "hour": st.sampled_from([0, 12, 21, 22, 23]),
        "cancelled": st.sampled_from([False, False, False, True]),
        "outcome": st.sampled_from(["held", "held", "held", "open", "not held", "total"]),
        "people": st.lists(people, max_size=3),
        "support": st.booleans(),
        "group": st.sampled_from([None, "Svenska 1", "svenska 1", "B"]),
        "kind": st.sampled_from([SessionKind.CAFE, SessionKind.TRAINING]),
        "partners": st.dictionaries(st.integers(0, 2), st.sampled_from([True, False, None]), max_size=3),
        "sensitive": st.sampled_from([False, False, True]),
    }
)


def make_history(db_session: DbSession, world: World, facts: list[dict[str, Any]]) -> list[Session]:
    """Sessions with their people and closings; what has not begun yet has neither."""
    sessions = []
    for each in facts:
        starts_at = datetime.combine(each["on"], time(each["hour"]), UTC)
        session = make_session(
            db_session,
            activity=world.activities[each["activity"]],
            starts_at=starts_at,
            status=SessionStatus.CANCELLED if each["cancelled"] else SessionStatus.PLANNED,
            kind=each["kind"],
            audience=Audience.RESIDENTS,
            language_support=["interpreter"] if each["support"] else [],
            group_name=each["group"],
            sensitive=each["sensitive"],
            partners={world.partners[number]: present for number, present in each["partners"].items()},
        )
        sessions.append(session)
        if starts_at < NOW:
            _come_and_close(db_session, session, each)
    return sessions


def _come_and_close(db_session: DbSession, session: Session, facts: dict[str, Any]) -> None:
    by_key = {key: (key, adults, children) for key, adults, children in facts["people"] if key}
    for key, adults, children in [*by_key.values(), *(each for each in facts["people"] if not each[0])]:
        make_attendance(db_session, session, key, adults, children)
    if facts["outcome"] != "open":
        total = (4, 2) if facts["outcome"] == "total" else None
        close(db_session, session, held=facts["outcome"] != "not held", total=total)


def change(db_session: DbSession, sessions: list[Session], kind: str, which: int, number: int) -> None:
    """One thing that happens after the fact, with the news that the product sends about it."""
    session = sessions[which % len(sessions)]
    if kind == "fold":
        fold_due(db_session, NOW)
        return
    CHANGES[kind](db_session, session, number)
    db_session.flush()
    unfold(db_session, AttendanceChanged(session.id, NOW))


def _scan_late(db_session: DbSession, session: Session, number: int) -> None:
    statement = sa.select(Attendance).where(Attendance.session_id == session.id, Attendance.visitor_key == "k1")
    known = db_session.scalar(statement)
    if known is None:
        make_attendance(db_session, session, "k1", number % 4, 1)
    else:
        known.arrived_adults = number % 4


def _cancel(_db_session: DbSession, session: Session, _number: int) -> None:
    session.status = SessionStatus.CANCELLED


def _restore(_db_session: DbSession, session: Session, _number: int) -> None:
    session.status = SessionStatus.PLANNED


def _move(_db_session: DbSession, session: Session, number: int) -> None:
    session.starts_at = NOW - timedelta(days=number)
    session.ends_at = session.starts_at + timedelta(hours=2)
    session.local_on = local_date(session.starts_at)


def _close_anew(db_session: DbSession, session: Session, number: int) -> None:
    closing = db_session.get(Closing, session.id)
    if closing is not None:
        closing.held = number % 2 == 0


def _confirm_partner(_db_session: DbSession, session: Session, _number: int) -> None:
    for partner in session.partners:
        partner.present = True


def _rename(_db_session: DbSession, session: Session, number: int) -> None:
    session.group_name = f"Group {number % 2}"
    session.kind = SessionKind.CAFE
    session.language_support = []


CHANGES: dict[str, Callable[[DbSession, Session, int], None]] = {
    "scan late": _scan_late,
    "cancel": _cancel,
    "restore": _restore,
    "move": _move,
    "close anew": _close_anew,
    "confirm partner": _confirm_partner,
    "rename": _rename,
}


changes = st.lists(
    st.tuples(
        st.sampled_from(["fold", *CHANGES]),
        st.integers(0, 9),
        st.integers(0, 400),
    ),
    max_size=6,
)


def wish_of(world: World, *, council: bool) -> Wish:
    """All facts of the programme."""
    places = frozenset({WHOLE_PROGRAMME, *(action.id for action in world.actions)})
    return Wish(world.programme.id, 2023, 2026, TODAY, dated=places, partnered=places, council=council)


def compare(db_session: DbSession, world: World, *, council: bool) -> None:
    """Every measure of every action and year, from folded and live figures, equals the plain recount."""
    wish = wish_of(world, council=council)
    places = wish.dated
    facts = programme_facts(db_session, wish)
    plain = recount(db_session, world.programme.id, closed_before=None if council else CLOSED)
    for place in places:
        for year in (2025, 2026):
            found, again = counted(facts[place, year]), plain[place, year]
            assert (found.sums.held, found.sums.supported) == (again.held, again.supported)
            assert (found.sums.visits, found.sums.children) == (again.visits, again.children)
            assert found.sums.identified == again.identified
            assert sum(getattr(found.sums, name) for name in SOURCES) == again.visits
            assert distinct_months(found.held_on) == sorted(again.months)
            assert len(distinct_weeks(found.held_on)) == len(again.weeks)
            assert (found.groups, found.partners) == (len(again.groups), len(again.partners))
            assert (found.persons or 0) == again.persons


def folded(db_session: DbSession) -> dict[str, list[tuple[Any, ...]]]:
    """All folded rows, without the moment of folding."""
    rows = {}
    for table in TABLES:
        columns = [each for each in table.__table__.columns if each.name != "folded_at"]
        rows[table.__tablename__] = sorted(map(tuple, db_session.execute(sa.select(*columns))), key=repr)
    return rows


@given(facts=st.lists(session_facts, min_size=1, max_size=10), after=changes)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_equal_a_recount_whatever_happened(
    db_session: DbSession, facts: list[dict[str, Any]], after: list[tuple[str, int, int]]
) -> None:
    db_session.rollback()
    world = make_world(db_session)
    sessions = make_history(db_session, world, facts)
    compare(db_session, world, council=True)
    fold_due(db_session, NOW)
    compare(db_session, world, council=True)
    for kind, which, number in after:
        change(db_session, sessions, kind, which, number)
    compare(db_session, world, council=True)
    fold_due(db_session, NOW)
    compare(db_session, world, council=True)
    compare(db_session, world, council=False)
    before = folded(db_session)
    fold_due(db_session, NOW)
    assert folded(db_session) == before, "folding twice changes nothing"
    rebuild(db_session, NOW)
    assert folded(db_session) == before, "folded figures equal a recount"


def test_a_session_counts_on_its_local_date_and_in_that_year(db_session: DbSession) -> None:
    """23.30 on New Year's Eve in Helsinki is still the old year, 00.30 the new one, whatever UTC says."""
    world = make_world(db_session)
    for starts_at in (datetime(2025, 12, 31, 21, 30, tzinfo=UTC), datetime(2025, 12, 31, 22, 30, tzinfo=UTC)):
        session = make_session(db_session, activity=world.activities[0], starts_at=starts_at)
        make_attendance(db_session, session, "k1", 2)
        close(db_session, session)
    fold_due(db_session, NOW)
    facts = programme_facts(db_session, wish_of(world, council=False))
    assert [counted(facts[0, year]).sums.held for year in (2025, 2026)] == [1, 1]
    assert [facts[0, year].persons for year in (2025, 2026)] == [2, 2]
    compare(db_session, world, council=True)


def test_u_is_the_largest_group_of_each_card_and_never_a_sum(db_session: DbSession) -> None:
    world = make_world(db_session)
    for key, adults, children in (("k1", 2, 0), ("k1", 1, 3), ("k2", 1, 0)):
        session = make_session(db_session, activity=world.activities[0], starts_at=datetime(2026, 8, 5, 12, tzinfo=UTC))
        make_attendance(db_session, session, key, adults, children)
        close(db_session, session)
    fold_due(db_session, NOW)
    facts = programme_facts(db_session, wish_of(world, council=False))
    first, second = (world.actions[number].id for number in (0, 1))
    assert facts[first, 2026].persons == facts[second, 2026].persons == facts[0, 2026].persons == 6
    assert counted(facts[0, 2026]).sums.held == 3, "a session that serves two actions counts once"
    assert counted(facts[0, 2026]).sums.visits == 7


def test_public_u_waits_for_the_month_to_close(db_session: DbSession) -> None:
    world = make_world(db_session)
    session = make_session(db_session, activity=world.activities[0], starts_at=datetime(2026, 11, 5, 12, tzinfo=UTC))
    make_attendance(db_session, session, "k1", 5)
    close(db_session, session)
    fold_due(db_session, NOW)
    public, council = (programme_facts(db_session, wish_of(world, council=each)) for each in (False, True))
    assert (public[0, 2026].persons, council[0, 2026].persons) == (None, 5)
    fold_due(db_session, datetime(2026, 12, 1, 0, 5, tzinfo=UTC))
    assert programme_facts(db_session, wish_of(world, council=False))[0, 2026].persons == 5


def test_the_month_closes_at_the_citys_midnight(db_session: DbSession) -> None:
    world = make_world(db_session)
    session = make_session(db_session, activity=world.activities[0], starts_at=datetime(2026, 11, 5, 12, tzinfo=UTC))
    make_attendance(db_session, session, "k1", 5)
    close(db_session, session)
    fold_due(db_session, datetime(2026, 11, 30, 21, 59, tzinfo=UTC))
    assert programme_facts(db_session, wish_of(world, council=False))[0, 2026].persons is None
    fold_due(db_session, datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    assert programme_facts(db_session, wish_of(world, council=False))[0, 2026].persons == 5


def test_a_session_to_confirm_is_counted_live_and_not_folded(db_session: DbSession) -> None:
    world = make_world(db_session)
    session = make_session(db_session, activity=world.activities[0], starts_at=datetime(2026, 11, 5, 12, tzinfo=UTC))
    make_attendance(db_session, session, None, 3)
    fold_due(db_session, NOW)
    assert folded(db_session)["folded_sessions"] == []
    sums = counted(programme_facts(db_session, wish_of(world, council=False))[0, 2026]).sums
    assert (sums.visits, sums.held) == (3, 0)


def test_unfolding_what_was_never_folded_does_nothing(db_session: DbSession) -> None:
    unfold(db_session, AttendanceChanged(4711, NOW))
    assert not any(folded(db_session).values())


def test_many_sessions_are_folded_a_batch_at_a_time(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.indicators.services.folding.BATCH", 2)
    world = make_world(db_session)
    for number in range(5):
        starts_at = datetime(2026, 8, 1, 12, tzinfo=UTC) + timedelta(days=number)
        session = make_session(db_session, activity=world.activities[0], starts_at=starts_at)
        make_attendance(db_session, session, f"k{number}", 1)
        close(db_session, session)
    done: list[int] = []
    for expected in (2, 4, 5, 5):
        fold_due(db_session, NOW)
        assert len(folded(db_session)["folded_sessions"]) == expected
        compare(db_session, world, council=True)
    before = folded(db_session)
    rebuild(db_session, NOW, progress=done.append)
    assert folded(db_session) == before
    assert (done[:3], sum(done)) == ([2, 2, 1], 10), "each session twice: folded, and its visitors told apart"
