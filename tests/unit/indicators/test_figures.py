"""One indicator in one year: zero, not reported and not applicable; months and weeks; what may be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from integration.indicators.rules import (
    Counted,
    Dated,
    Facts,
    Slice,
    Standing,
    State,
    Sums,
    counted,
    distinct_months,
    distinct_weeks,
    figure_of,
    month_squares,
    published,
    published_part,
    week_squares,
    year_row,
)
from integration.programme.models import IndicatorKind, Measure, TargetForm, TargetPeriod

TODAY = date(2026, 11, 24)
CAFE = Slice("cafe", "residents", False)
QUIET = Slice("meeting", "residents", True)


@dataclass(frozen=True)
class Definition:
    measure: Measure | None
    kind: IndicatorKind = IndicatorKind.COMPUTED
    unit: str = "sessions"
    first_year: int = 2023
    last_year: int = 2026
    traffic_light: bool = True
    due_year: int | None = None


@dataclass(frozen=True)
class Aim:
    form: TargetForm
    period: TargetPeriod
    lower: int
    upper: int | None = None
    planned: int | None = None


HELD = Definition(Measure.HELD)
MONTHS = Definition(Measure.MONTHS, unit="months")
MONTHLY = Aim(TargetForm.EXACT, TargetPeriod.MONTH, 1)
FAIRS = Aim(TargetForm.RANGE, TargetPeriod.YEAR, 4, 5)


def found(of: Slice = CAFE, *, persons: int | None = None, dates: tuple[Dated, ...] = (), **sums: int) -> Counted:
    facts = Facts(persons=persons, dates=set(dates))
    facts.add(of, Sums(**sums))
    return counted(facts)


def held_on(*days: date) -> tuple[Dated, ...]:
    return tuple(Dated(CAFE, day, True, False) for day in days)


NOTHING = counted(Facts())
NEVER_HELD = found(sessions=3)


@pytest.mark.parametrize(
    ("indicator", "year", "facts", "standing", "state"),
    [
        (HELD, 2022, NOTHING, Standing.NA, State.NA),
        (HELD, 2027, NOTHING, Standing.NA, State.NA),
        (Definition(Measure.HELD, last_year=2024), 2026, NEVER_HELD, Standing.NA, State.NA),
        (HELD, 2025, NOTHING, Standing.MISSING, State.MISS),
        (HELD, 2025, NEVER_HELD, Standing.ZERO, State.BELOW),
        (HELD, 2026, NEVER_HELD, Standing.RUNNING, State.BELOW),
        (Definition(None, IndicatorKind.REPORTED), 2025, None, Standing.MISSING, State.MISS),
        (Definition(None, IndicatorKind.REPORTED), 2026, None, Standing.MISSING, State.MISS),
        (Definition(None, IndicatorKind.MILESTONE, due_year=2025), 2024, None, Standing.AHEAD, State.AHEAD),
        (Definition(None, IndicatorKind.MILESTONE, due_year=2025), 2025, None, Standing.MISSING, State.MISS),
        (Definition(None, IndicatorKind.EXTERNAL), 2022, None, Standing.NA, State.NA),
        (Definition(Measure.UNIQUE), 2025, NEVER_HELD, Standing.MISSING, State.MISS),
        (Definition(Measure.UNIQUE), 2026, NEVER_HELD, Standing.AHEAD, State.AHEAD),
        (Definition(Measure.LANGUAGE_SUPPORT, unit="share"), 2025, NEVER_HELD, Standing.NA, State.NONE),
    ],
)
def test_zero_not_reported_and_not_applicable_are_three(
    indicator: Definition, year: int, facts: Counted | None, standing: Standing, state: State
) -> None:
    figure = figure_of(indicator, year, FAIRS, facts, TODAY)
    assert (figure.standing, figure.state) == (standing, state)


def test_a_year_to_come_has_neither_value_nor_reproach() -> None:
    figure = figure_of(HELD, 2026, FAIRS, NOTHING, date(2025, 6, 1))
    assert (figure.value, figure.standing, figure.state) == (None, Standing.AHEAD, State.AHEAD)
    assert figure_of(HELD, 2026, None, NOTHING, date(2025, 6, 1)).state is State.NONE


def test_no_traffic_light_where_nobody_knows_what_is_good() -> None:
    figure = figure_of(Definition(Measure.HELD, traffic_light=False), 2025, FAIRS, found(sessions=1, held=1), TODAY)
    assert (figure.value, figure.state) == (1, State.NONE)


def test_a_running_year_says_what_is_expected_planned_and_next() -> None:
    coming = (Dated(CAFE, date(2026, 12, 9), False, True), Dated(CAFE, date(2026, 12, 3), False, True))
    figure = figure_of(HELD, 2026, FAIRS, found(sessions=5, held=3, dates=coming), TODAY)
    assert (figure.value, figure.expected, figure.planned) == (3, 3, 5)
    assert (figure.state, figure.coming_on) == (State.COURSE, date(2026, 12, 3))


def test_ten_of_eleven_months() -> None:
    days = [date(2026, month, 5) for month in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)]
    figure = figure_of(MONTHS, 2026, MONTHLY, found(sessions=10, held=10, dates=held_on(*days)), TODAY)
    assert (figure.value, figure.of, figure.state) == (10, 11, State.COURSE)
    assert "".join(square[0] for square in figure.squares) == "hhhhhhmhhhhc"


def test_two_cafes_in_one_month_are_one_month() -> None:
    days = held_on(date(2025, 5, 2), date(2025, 5, 30))
    figure = figure_of(MONTHS, 2025, MONTHLY, found(sessions=2, held=2, dates=days), TODAY)
    assert (figure.value, figure.of, figure.state) == (1, 12, State.BELOW)


def test_an_agreed_pause_shortens_the_plan_and_a_cancelled_date_does_not() -> None:
    days = held_on(*(date(2025, month, 5) for month in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)))
    missed = Dated(CAFE, date(2025, 12, 5), False, False)
    facts = found(sessions=11, held=10, dates=(*days, missed))
    squares = month_squares(facts, 11, 2025, TODAY)
    assert "".join(square[0] for square in squares) == "hhhhhhohhhhm"
    figure = figure_of(MONTHS, 2025, Aim(TargetForm.EXACT, TargetPeriod.MONTH, 1, planned=11), facts, TODAY)
    assert (figure.value, figure.of, figure.state) == (10, 11, State.BELOW)


def test_weeks_are_iso_weeks() -> None:
    days = (date(2026, 12, 28), date(2026, 12, 31), date(2026, 12, 27), date(2026, 1, 1))
    assert distinct_weeks(days) == [(2026, 1), (2026, 52), (2026, 53)]
    assert distinct_weeks([date(2027, 1, 3)]) == [(2026, 53)]
    assert distinct_months(days) == [1, 12]


def test_one_square_for_every_planned_week() -> None:
    dates = held_on(date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 12))
    missed = Dated(CAFE, date(2026, 1, 19), False, False)
    coming = Dated(CAFE, date(2026, 11, 30), False, True)
    squares = week_squares(found(sessions=5, held=3, dates=(*dates, missed, coming)), 6, is_over=False)
    assert "".join(square[0] for square in squares) == "hhmccc"
    over = week_squares(found(sessions=3, held=3, dates=dates), 4, is_over=True)
    assert "".join(square[0] for square in over) == "hhmm"


def test_a_week_cancelled_ahead_is_not_missed_yet() -> None:
    dates = held_on(date(2026, 1, 5), date(2026, 1, 12))
    missed = Dated(CAFE, date(2026, 1, 19), False, False)
    ahead = Dated(CAFE, date(2026, 12, 8), False, False)
    weekly = Definition(Measure.WEEKS, unit="weeks")
    aim = Aim(TargetForm.EXACT, TargetPeriod.WEEK, 1, planned=40)
    figure = figure_of(weekly, 2026, aim, found(sessions=4, held=2, dates=(*dates, missed, ahead)), TODAY)
    assert figure.of == 3


@pytest.mark.parametrize(("value", "printed"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_persons_from_one_to_four_are_not_printed(value: int, printed: int | None) -> None:
    cell = published(value, personal=True)
    assert cell.value == printed
    assert cell.standing is (Standing.ZERO if value == 0 else Standing.VALUE if printed else Standing.SUPPRESSED)
    assert published(value, personal=False).value == value


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 9, True), (4, 9, False), (5, 9, False), (5, 10, True), (9, 9, True)]
)
def test_a_part_is_hidden_with_its_small_rest(part: int, whole: int, shown: bool) -> None:
    assert (published_part(part, whole).value == part) is shown


@pytest.mark.parametrize(("persons", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_u_hides_its_share_and_the_mix_of_sources_with_it(persons: int, shown: bool) -> None:
    facts = found(sessions=2, held=2, adults=20, scanned=8, walk_in=12, identified=8, persons=persons)
    row = year_row(2025, facts, TODAY, council=True)
    assert (row.persons.value == persons) is shown
    assert (row.tied.value == 40) is shown
    assert (row.sources is not None) is shown
    assert (row.visits.value, row.held.value) == (20, 2)


def test_imported_visits_never_pretend_to_be_people() -> None:
    row = year_row(2023, found(sessions=3, held=3, adults=160, imported=160), TODAY, council=True)
    assert (row.visits.value, row.persons.standing, row.tied.standing) == (160, Standing.MISSING, Standing.MISSING)


def test_everything_small_of_sensitive_sessions_is_hidden_and_tells_no_state() -> None:
    facts = found(QUIET, sessions=2, held=2, supported=1, adults=4, headcount=4)
    figure = figure_of(HELD, 2025, FAIRS, facts, TODAY)
    assert (figure.value, figure.standing, figure.state) == (None, Standing.SUPPRESSED, State.HIDDEN)
    assert figure_of(HELD, 2025, None, facts, TODAY).state is State.NONE, "it has no target"
    share = figure_of(Definition(Measure.LANGUAGE_SUPPORT, unit="share"), 2025, None, facts, TODAY)
    assert (share.value, share.of) == (None, None)
    row = year_row(2025, facts, TODAY, council=True)
    assert (row.held.standing, row.visits.standing) == (Standing.SUPPRESSED, Standing.SUPPRESSED)
    assert (row.persons.standing, row.sources) == (Standing.NA, None)


def test_the_public_sees_how_many_children_came_only_of_closed_years() -> None:
    facts = found(sessions=2, held=2, adults=20, children=10, headcount=30)
    assert year_row(2026, facts, TODAY, council=True).children.value == 10
    assert year_row(2026, facts, TODAY, council=False).children.value is None
    assert year_row(2025, facts, TODAY, council=False).children.value == 10


def test_filters_narrow_sessions_and_leave_u_whole() -> None:
    facts = Facts(persons=9)
    facts.add(CAFE, Sums(sessions=2, held=2))
    facts.add(Slice("training", "staff", False), Sums(sessions=3, held=1))
    assert counted(facts, ("training",), ("staff",)).sums.held == 1
    assert counted(facts, ("training",), ("youth",)).sums.held == 0
    assert counted(facts, ("training",)).persons == 9
