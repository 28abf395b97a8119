"""A year accepted and locked as a whole: quickly however many meters there are, and never over what was handed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from integration.indicators.errors import NothingReported, YearNotOver
from integration.indicators.models import ClosedYear, Report, Stage
from integration.indicators.queries import Exact, reports_of
from integration.indicators.queries.reports import asked_in
from integration.indicators.rules import Said
from integration.indicators.services import save_report
from integration.indicators.services.whole_years import accept_year, is_missing, lock_year
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.queries import IndicatorOutline, ProgrammeOutline, programme_outline
from tests.factories.figures import computed, indicator, make_action, make_line, make_programme, target

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
BY: Any = {"account_id": 1, "now": NOW}


@pytest.fixture
def outline(db_session: DbSession) -> ProgrammeOutline:
    """A computed meter, a milestone due in 2026, and twenty figures to report."""
    programme = make_programme(db_session)
    action = make_action(db_session, programme)
    due = target(TargetForm.EXACT, TargetPeriod.ONCE, 1, year=2026)
    make_line(db_session, action, computed(Measure.HELD, slug="held"))
    make_line(db_session, action, indicator(IndicatorKind.MILESTONE, due, slug="ready"))
    for number in range(20):
        make_line(db_session, action, indicator(IndicatorKind.REPORTED, slug=f"loans-{number}"))
    db_session.expire_all()
    found = programme_outline(db_session, programme.id)
    assert found is not None
    return found


def named(outline: ProgrammeOutline) -> dict[str, IndicatorOutline]:
    """Its indicators by slug."""
    return {line.main.slug: line.main for line in outline.lines}


@contextmanager
def listening(db_session: DbSession) -> Iterator[list[str]]:
    """Every statement of this connection."""
    said: list[str] = []
    engine = db_session.get_bind().engine

    def add(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", add)
    yield said
    sa.event.remove(engine, "before_cursor_execute", add)


def test_a_year_is_accepted_and_locked_at_once(db_session: DbSession, outline: ProgrammeOutline) -> None:
    by_slug = named(outline)
    for number in range(20):
        said = Said(value=number) if number else Said(applies=False)
        save_report(db_session, by_slug[f"loans-{number}"], 2025, said, hand_in=number != 7, **BY)
    counted = {by_slug["held"].id: Exact(4, None, None, personal=False)}
    assert accept_year(db_session, outline, 2025, **BY) == 19
    with listening(db_session) as said_of_locking:
        assert lock_year(db_session, outline, 2025, counted, without=None, **BY) == 20
    asked = [each for each in said_of_locking if each.startswith("SELECT")]
    assert len(asked) < 6, "as many questions for twenty figures as for one"
    assert db_session.get(ClosedYear, (outline.id, 2025)) is None, "a draft keeps the year open"
    assert lock_year(db_session, outline, 2025, counted, without="Ingen svarade.", **BY) == 1
    assert db_session.get(ClosedYear, (outline.id, 2025)) is not None, "the milestone is not asked for yet"
    assert lock_year(db_session, outline, 2025, counted, without="Igen.", **BY) == 0


def test_what_was_handed_in_is_never_passed_over(db_session: DbSession, outline: ProgrammeOutline) -> None:
    first = named(outline)["loans-1"]
    save_report(db_session, first, 2025, Said(value=3), hand_in=True, **BY)
    lock_year(db_session, outline, 2025, {}, without="Ingen svarade.", **BY)
    stage = db_session.scalar(sa.select(Report.stage).where(Report.indicator_id == first.id))
    assert stage is Stage.REPORTED
    assert db_session.get(ClosedYear, (outline.id, 2025)) is None


def test_only_a_year_that_is_over_and_only_with_a_reason(db_session: DbSession, outline: ProgrammeOutline) -> None:
    with pytest.raises(YearNotOver):
        lock_year(db_session, outline, 2026, {}, without=None, **BY)
    with pytest.raises(NothingReported):
        lock_year(db_session, outline, 2025, {}, without=" ", **BY)


def test_a_milestone_is_asked_for_when_it_is_due_and_until_it_is_reached(
    db_session: DbSession, outline: ProgrammeOutline
) -> None:
    ready = named(outline)["ready"]
    late = replace(ready, targets=(replace(ready.targets[0], year=2024),))
    assert [asked_in(late, year, {}) for year in (2023, 2024, 2025)] == [False, True, True]
    save_report(db_session, ready, 2024, Said(reached_on=date(2024, 5, 1)), hand_in=True, **BY)
    reports = reports_of(db_session, outline.id, drafts=True)
    assert [asked_in(late, year, reports) for year in (2023, 2024, 2025)] == [False, True, False]
    assert not is_missing(ready, 2025, reports)
