"""Four years of a programme, whatever happened in them: each computed figure as it is published equals a plain recount.

What happens is drawn at random: sessions on ordinary days and on those where years and weeks meet, people by card,
by headcount and from old spreadsheets; afterwards late scans, moved and cancelled dates, cards that become one,
households that are erased, figures that are locked, years that are closed. The recount reads rows and shares no rule
with the product; of a closed year it remembers how many people there were, for nobody can count them again.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.activities.models import Session, SessionKind, SessionStatus
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance, Closing, Scan, Source
from integration.checkin.services import Imported, count_imported, record_scans
from integration.indicators.models import ClosedYear
from integration.indicators.queries import exact_figures, programme_figures
from integration.indicators.queries.facts import Wish, programme_facts
from integration.indicators.rules import Said
from integration.indicators.services import (
    accept_report,
    close_year_if_final,
    fold_due,
    lock_figure,
    rebuild,
    save_report,
    unfold,
)
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.models import Measure
from integration.programme.queries import ProgrammeOutline, programme_outline
from integration.registration.models import Card, Household
from integration.registration.services import delete_household, merge_households
from integration.report.open_data import csv_text, open_rows
from tests.factories.activities import make_activity, make_session
from tests.factories.checkin import make_device
from tests.factories.figures import close, computed, make_action, make_attendance, make_line, make_programme, serve
from tests.factories.organisations import make_organisation
from tests.factories.registration import make_card
from tests.sampling import EVERYTHING
from tests.unit.indicators.recount import Recount, recount
from tests.unit.indicators.test_folding import folded

YEARS = (2023, 2024, 2025, 2026)
MOMENTS = (
    datetime(2026, 11, 24, 12, tzinfo=UTC),
    datetime(2026, 12, 31, 21, 59, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 1, tzinfo=UTC),
    datetime(2027, 1, 6, 12, tzinfo=UTC),
)
"""In the last month, on both sides of the last midnight, and when all is over."""
EDGES = (
    *(date(year, month, day) for year in YEARS for month, day in ((1, 1), (12, 31))),
    *(date(2022, 12, 31), date(2024, 12, 30), date(2025, 12, 29), date(2027, 1, 1)),
    *(date(2026, 12, day) for day in (27, 28, 29, 30)),
)
"""New Year's Eves, and the weeks that belong to two years: 2026 has a week 53."""
COUNCIL = 5


@dataclass
class World:
    """A programme with its activities, the keys and digests of four cards, and what the test remembers of it."""

    now: datetime
    outline: ProgrammeOutline
    places: dict[int, int]
    """Indicator id > the action whose sessions it counts, 0 for the whole programme."""
    activities: list[Any]
    partners: list[int]
    keys: list[str]
    digests: list[str]
    sessions: list[Session] = field(default_factory=list)
    locked: dict[tuple[int, int], int | None] = field(default_factory=dict)
    """Indicator id and year > what the recount was when it was locked; None: it did not apply."""
    found_at_lock: dict[tuple[int, int], Recount] = field(default_factory=dict)
    closed: dict[tuple[int, int], int] = field(default_factory=dict)
    """Action id and year > people when the year was closed."""

    def wanted(self, one: Any, year: int, found: dict[tuple[int, int], Recount]) -> str:
        """An indicator's year as it should be published."""
        again = found[self.places[one.id], year]
        if (one.id, year) in self.locked:
            return in_print(one, self.locked[one.id, year], self.found_at_lock[one.id, year])
        return in_print(one, plain(one, again), again) if year <= self.month.year else ""

    @property
    def month(self) -> date:
        """Where the running month begins."""
        return (self.now + timedelta(hours=2)).date().replace(day=1)


def make_world(db_session: DbSession, now: datetime) -> World:
    """Three actions and the whole programme, each measured in every way; one activity serves two actions for a time."""
    programme = make_programme(db_session)
    actions = [make_action(db_session, programme) for _ in range(3)]
    for action in actions:
        make_line(db_session, action, *(computed(measure) for measure in Measure))
    make_line(db_session, actions[2], *(computed(measure, whole_programme=True) for measure in Measure))
    make_line(db_session, actions[1], computed(Measure.HELD, kinds=["training"]))
    activities = [make_activity(db_session) for _ in range(3)]
    serve(db_session, activities[0], actions[0])
    serve(db_session, activities[0], actions[1], date(2025, 7, 1))
    serve(db_session, activities[1], actions[1], date(2022, 1, 1), date(2026, 6, 20))
    serve(db_session, activities[1], actions[2])
    serve(db_session, activities[2], make_action(db_session, make_programme(db_session)))
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    places = {
        one.id: 0 if one.whole_programme else action.id
        for action in outline.actions
        for line in action.lines
        for one in line.indicators
    }
    partners = [make_organisation(db_session).id for _ in range(3)]
    cards = [make_card(db_session) for _ in range(4)]
    keys, digests = [each.visitor_key for each in cards], [each.pass_digest for each in cards]
    return World(now, outline, places, activities, partners, keys, digests)


sessions = st.fixed_dictionaries(
    {
        "activity": st.sampled_from([0, 0, 1, 1, 2]),
        "on": st.sampled_from(EDGES) | st.dates(date(2022, 12, 28), date(2027, 1, 5)),
        "hour": st.sampled_from([0, 12, 21, 22, 23]),
        "cancelled": st.sampled_from([False, False, False, True]),
        "outcome": st.sampled_from(["held", "held", "held", "imported", "open", "not held", "total"]),
        "came": st.dictionaries(st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
        "heads": st.integers(0, 9),
        "support": st.booleans(),
        "group": st.sampled_from([None, "Svenska 1", "svenska 1", "B"]),
        "kind": st.sampled_from([SessionKind.CAFE, SessionKind.TRAINING]),
        "partners": st.dictionaries(st.integers(0, 2), st.sampled_from([True, False, None]), max_size=3),
        "sensitive": st.sampled_from([False, False, False, True]),
    }
)


def add_session(db_session: DbSession, world: World, facts: dict[str, Any]) -> None:
    """One session with its people and its closing; what has not begun yet has neither."""
    starts_at = datetime.combine(facts["on"], clock_time(facts["hour"]), UTC)
    session = make_session(
        db_session,
        activity=world.activities[facts["activity"]],
        starts_at=starts_at,
        status=SessionStatus.CANCELLED if facts["cancelled"] else SessionStatus.PLANNED,
        kind=facts["kind"],
        language_support=["interpreter"] if facts["support"] else [],
        group_name=facts["group"],
        sensitive=facts["sensitive"],
        partners={world.partners[number]: present for number, present in facts["partners"].items()},
    )
    make_device(db_session, session, f"door {session.id}")
    world.sessions.append(session)
    if starts_at + timedelta(hours=3) > world.now:
        return
    if facts["outcome"] == "imported":
        row = Imported(session.id, f"import {session.id}", facts["heads"], 1)
        count_imported(db_session, [row], account_id=None, now=world.now)
        return
    if facts["heads"]:
        make_attendance(db_session, session, None, facts["heads"], 1, source=Source.HEADCOUNT)
    if not facts["sensitive"]:
        for number, (adults, children) in facts["came"].items():
            make_attendance(db_session, session, world.keys[number], adults, children)
    if facts["outcome"] != "open":
        total = (4, 2) if facts["outcome"] == "total" else None
        close(db_session, session, held=facts["outcome"] != "not held", total=total)


def scan_late(db_session: DbSession, world: World, session: Session, number: int) -> None:
    """A phone that was without a network for days sends what it has read."""
    if session.ends_at >= world.now:
        return
    scan = {
        "id": f"00000000-0000-4000-8000-{session.id:06}{number:06}",
        "digest": world.digests[number % 4],
        "adults": 1 + number % 3,
        "children": number % 2,
        "scanned_at": (session.starts_at + timedelta(minutes=30)).isoformat(),
    }
    record_scans(db_session, f"door {session.id}", [scan], session.ends_at + timedelta(days=3))


def take_back(db_session: DbSession, world: World, session: Session, number: int) -> None:
    """The door takes a scan back, whatever has become of its session's keys in the meantime."""
    scan = db_session.scalar(
        sa.select(Scan).where(Scan.session_id == session.id, Scan.undoes.is_(None)).order_by(Scan.id).limit(1)
    )
    if scan is not None and session.ends_at < world.now:
        undo = {"id": f"00000000-0000-4000-8001-{session.id:06}{number:06}", "undoes": scan.id}
        record_scans(db_session, f"door {session.id}", [undo], session.ends_at + timedelta(days=3))


def merge(db_session: DbSession, world: World, _session: Session, number: int) -> None:
    """A family with two cards keeps one."""
    kept, gone = (_living_card(db_session, world.keys[each % 4]) for each in (number, number + 1))
    if kept and gone:
        merge_households(db_session, kept, gone, account_id=None, now=world.now)


def _living_card(db_session: DbSession, key: str) -> Card | None:
    return db_session.scalar(sa.select(Card).where(Card.visitor_key == key, Card.revoked_at.is_(None)))


def erase(db_session: DbSession, world: World, _session: Session, number: int) -> None:
    """A household wants to be forgotten: not a single figure moves."""
    card = _living_card(db_session, world.keys[number % 4])
    household = db_session.get(Household, card.household_id) if card else None
    if household is not None:
        before = published(db_session, world), folded(db_session)
        delete_household(db_session, household, world.now)
        assert (published(db_session, world), folded(db_session)) == before, "erasing moves a figure"
        assert not db_session.scalar(sa.select(sa.exists().where(Card.visitor_key == world.keys[number % 4])))


def lock(db_session: DbSession, world: World, _session: Session, number: int) -> None:
    """The council makes one figure final; what comes later stands beside it."""
    one = sorted(world.places)[number % len(world.places)]
    lock_one(db_session, world, one, YEARS[number % 3], recount(db_session, world.outline.id))


def lock_one(
    db_session: DbSession, world: World, indicator_id: int, year: int, found: dict[tuple[int, int], Recount]
) -> None:
    """Lock an indicator's year as counted, or as not applicable where there is nothing to count."""
    if (indicator_id, year) in world.locked:
        return
    one = next(each for line in world.outline.lines for each in line.indicators if each.id == indicator_id)
    exact = exact_figures(db_session, world.outline, year, local_date(world.now)).get(indicator_id)
    if exact is None:
        said = Said(applies=False)
        report = save_report(db_session, one, year, said, hand_in=True, account_id=COUNCIL, now=world.now)
        accept_report(db_session, report, account_id=COUNCIL, now=world.now)
    value = plain(one, found[world.places[indicator_id], year])
    assert (exact.value if exact else None) == value, (one.measure, year)
    lock_figure(db_session, one, year, exact, account_id=COUNCIL, now=world.now)
    world.locked[indicator_id, year] = value
    world.found_at_lock[indicator_id, year] = found[world.places[indicator_id], year]


def close_year(db_session: DbSession, world: World, _session: Session, number: int) -> None:
    """Every figure of a year becomes final: its keys go, and how many people came is never counted again."""
    year = YEARS[number % 3]
    if any(closed == year for _place, closed in world.closed):
        return
    found = recount(db_session, world.outline.id)
    for indicator_id in world.places:
        lock_one(db_session, world, indicator_id, year, found)
    settled = recount(db_session, world.outline.id, closed_before=world.month)
    world.closed |= {(place, year): settled[place, year].persons for place in {0, *world.places.values()}}
    assert close_year_if_final(db_session, world.outline, year, account_id=COUNCIL, now=world.now)
    assert db_session.get(ClosedYear, (world.outline.id, year)) is not None
    kept = set(db_session.scalars(sa.select(Attendance.visitor_key).where(_serves(db_session, world, year))))
    assert not kept & set(world.keys), "a closed year has no keys"


def _serves(db_session: DbSession, world: World, year: int) -> Any:
    """The rows of sessions of this year that count for the programme."""
    ids = [
        each.id for each in world.sessions if each.local_on.year == year and each.activity_id != world.activities[2].id
    ]
    db_session.flush()
    return Attendance.session_id.in_(ids)


def cancel(_db_session: DbSession, _world: World, session: Session, number: int) -> None:
    """Cancelled after all, or not."""
    session.status = SessionStatus.CANCELLED if number % 2 else SessionStatus.PLANNED


def move(_db_session: DbSession, world: World, session: Session, number: int) -> None:
    """To another day of the year, or over its end."""
    if any(year == session.local_on.year for _place, year in world.closed):
        return
    to = EDGES[number % len(EDGES)]
    if not any(year in (to.year, to.year - 1, to.year + 1) for _place, year in world.closed):
        session.starts_at = datetime.combine(to, clock_time((21, 22, 12)[number % 3]), UTC)
        session.ends_at = session.starts_at + timedelta(hours=2)
        session.local_on = local_date(session.starts_at)


def correct(db_session: DbSession, _world: World, session: Session, number: int) -> None:
    """The organiser says something else about it."""
    closing = db_session.get(Closing, session.id)
    if closing is not None:
        closing.held = number % 4 != 0
        closing.manual_adults, closing.manual_children = (number, 1) if number % 3 == 0 else (None, None)
        closing.reason = "counted again" if number % 3 == 0 else None
    session.group_name, session.kind = f"Group {number % 2}", SessionKind.CAFE
    session.language_support = ["plain_language"] if number % 2 else []
    for partner in session.partners:
        partner.present = number % 2 == 0


CHANGES: dict[str, Callable[[DbSession, World, Session, int], None]] = {
    each.__name__: each for each in (scan_late, take_back, merge, erase, lock, close_year, cancel, move, correct)
}
changes = st.lists(st.tuples(st.sampled_from(["fold", *CHANGES]), st.integers(0, 11), st.integers(0, 99)), max_size=8)


def change(db_session: DbSession, world: World, kind: str, which: int, number: int) -> None:
    """One thing that happens, with the news that the product sends about it."""
    if kind == "fold":
        fold_due(db_session, world.now)
        return
    session = world.sessions[which % len(world.sessions)]
    CHANGES[kind](db_session, world, session, number)
    db_session.flush()
    unfold(db_session, AttendanceChanged(session.id, world.now))


def plain(one: Any, found: Recount) -> int | None:
    """An indicator's value by the recount; None where there is nothing that it could be of."""
    if not (found.kinds.get(one.kinds[0], 0) if one.kinds else found.sessions):
        return None
    if one.measure is Measure.LANGUAGE_SUPPORT:
        return int(100 * found.supported / found.held + 0.5) if found.held else None
    if one.measure is Measure.UNIQUE:
        return found.persons or None
    if one.kinds:
        return found.held_of_kind.get(one.kinds[0], 0)
    return {
        Measure.HELD: found.held,
        Measure.VISITS: found.visits,
        Measure.PARTNERS: len(found.partners),
        Measure.WEEKS: len(found.weeks),
        Measure.MONTHS: len(found.months),
        Measure.GROUPS: len(found.groups),
    }[one.measure]


def in_print(one: Any, value: int | None, found: Recount) -> str:
    """The same as it may be published: one to four persons, or anything of nothing but sensitive sessions, is "<5"."""
    if value is None:
        return ""
    sensitive = found.sensitive_kinds.get(one.kinds[0], 0) if one.kinds else found.sensitive
    if one.measure is Measure.LANGUAGE_SUPPORT:
        told = (found.supported, found.held, found.held - found.supported)
    else:
        told = (value, value, value)
    sessions = found.kinds.get(one.kinds[0], 0) if one.kinds else found.sessions
    secret = sensitive == sessions or one.measure is Measure.LANGUAGE_SUPPORT
    small = any(0 < each < 5 for each in told)
    return "<5" if small and ((sensitive and secret) or one.measure is Measure.UNIQUE) else str(value)


def published(db_session: DbSession, world: World) -> str:
    """The programme's CSV, as anybody can fetch it."""
    figures = programme_figures(db_session, world.outline, local_date(world.now), council=False)
    return csv_text(open_rows(world.outline, figures))


def compare(db_session: DbSession, world: World, *, with_persons: bool = True) -> None:
    """Every computed figure of every year, and U of every action, against the recount; public U waits for folding."""
    found = recount(db_session, world.outline.id, closed_before=world.month)
    rows = {
        (row["indicator"], int(row["year"])): row for row in csv.DictReader(io.StringIO(published(db_session, world)))
    }
    wanted = {
        (one.slug, year): world.wanted(one, year, found)
        for line in world.outline.lines
        for one in line.indicators
        for year in YEARS
        if one.measure is not Measure.UNIQUE or with_persons
    }
    for (slug, year), value in wanted.items():
        row = rows[slug, year]
        if row["standing"] == "withheld":
            small = "<5" in wanted.values() or any(each.sensitive for each in found.values())
            assert small, "only what would tell a small figure is withheld"
        else:
            assert row["value"] == value, (slug, row["measure"], year)
    compare_exact(db_session, world)
    compare_pages(db_session, world)
    if with_persons:
        compare_persons(db_session, world, found)


def compare_pages(db_session: DbSession, world: World) -> None:
    """Partners are printed or not on the page of the programme as on that of a line, which prints more of them."""
    today, lines = local_date(world.now), tuple(world.outline.lines)
    brief = programme_figures(db_session, world.outline, today, council=False, main_only=True)
    whole = programme_figures(db_session, world.outline, today, council=False, lines=lines)
    for main in (line.main for line in lines if line.main.measure is Measure.PARTNERS):
        assert [each.cell for each in brief.of(main)] == [each.cell for each in whole.of(main)]


def compare_exact(db_session: DbSession, world: World) -> None:
    """What would be locked today, printable or not; of a closed year U can not be counted again."""
    found = recount(db_session, world.outline.id)
    for year in YEARS:
        exact = exact_figures(db_session, world.outline, year, local_date(world.now))
        for line in world.outline.lines:
            for one in line.indicators:
                if one.measure is not Measure.UNIQUE or (0, year) not in world.closed:
                    value = exact[one.id].value if one.id in exact else None
                    again = found[world.places[one.id], year]
                    assert value == plain(one, again), (one.slug, one.measure, year)


def compare_persons(db_session: DbSession, world: World, found: dict[tuple[int, int], Recount]) -> None:
    """U of every action and year; of a closed year what it was when it was closed."""
    places = frozenset({0, *world.places.values()})
    wish = Wish(world.outline.id, 2023, 2026, local_date(world.now), dated=places, partnered=places, council=False)
    facts = programme_facts(db_session, wish)
    for place in places:
        for year in YEARS:
            persons = world.closed.get((place, year), found[place, year].persons)
            assert (facts[place, year].persons or 0) == persons, (place, year)


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """A server whose clock is set to another part of the world."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


@given(now=st.sampled_from(MOMENTS), facts=st.lists(sessions, min_size=2, max_size=12), after=changes)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if EVERYTHING else 10)
def test_every_published_figure_of_four_years_equals_a_recount(
    app: Flask, db_session: DbSession, now: datetime, facts: list[dict[str, Any]], after: list[tuple[str, int, int]]
) -> None:
    db_session.rollback()
    with app.app_context():
        world = make_world(db_session, now)
        for each in facts:
            add_session(db_session, world, each)
        compare(db_session, world, with_persons=False)
        for kind, which, number in after:
            change(db_session, world, kind, which, number)
        fold_due(db_session, now)
        compare(db_session, world)
        done, text = folded(db_session), published(db_session, world)
        fold_due(db_session, now)
        assert folded(db_session) == done, "folding twice changes nothing"
        for zone in ("UTC", "America/New_York"):
            with machine_in(zone):
                rebuild(db_session, now)
                assert folded(db_session) == done, "folded figures equal a recount"
                assert published(db_session, world).encode() == text.encode()
