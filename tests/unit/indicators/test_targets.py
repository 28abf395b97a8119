"""Rule 5: what a target asks, what it asks by now, and how a value stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.indicators.rules import (
    Bounds,
    State,
    bounds_of,
    calendar_year,
    expected_so_far,
    percent_gone,
    target_state,
    weeks_in,
    years_between,
)
from integration.programme.models import TargetForm, TargetPeriod

YEAR = calendar_year(2026)
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Aim:
    form: TargetForm
    period: TargetPeriod
    lower: int
    upper: int | None = None
    planned: int | None = None


@pytest.mark.parametrize(
    ("aim", "bounds"),
    [
        (Aim(TargetForm.EXACT, TargetPeriod.YEAR, 2), Bounds(2, 2)),
        (Aim(TargetForm.MINIMUM, TargetPeriod.YEAR, 10), Bounds(10, None)),
        (Aim(TargetForm.RANGE, TargetPeriod.YEAR, 4, 5), Bounds(4, 5)),
        (Aim(TargetForm.EXACT, TargetPeriod.MONTH, 1), Bounds(12, 12)),
        (Aim(TargetForm.EXACT, TargetPeriod.MONTH, 1, planned=11), Bounds(11, 11)),
        (Aim(TargetForm.MINIMUM, TargetPeriod.WEEK, 1), Bounds(53, None)),
        (Aim(TargetForm.MINIMUM, TargetPeriod.WEEK, 1, planned=40), Bounds(40, None)),
        (Aim(TargetForm.EXACT, TargetPeriod.ONCE, 1), Bounds(1, 1)),
    ],
)
def test_a_target_of_any_period_becomes_bounds_of_the_year(aim: Aim, bounds: Bounds) -> None:
    assert bounds_of(aim, 2026) == bounds


def test_2026_has_53_weeks_and_its_neighbours_52() -> None:
    assert [weeks_in(year) for year in (2025, 2026, 2027)] == [52, 53, 52]


@pytest.mark.parametrize(
    ("lower", "today", "expected"),
    [
        (1, date(2026, 1, 1), 0),
        (1, date(2026, 12, 31), 0),
        (1, date(2027, 1, 1), 1),
        (4, TODAY, 3),
        (12, TODAY, 10),
        (365, date(2026, 1, 2), 1),
    ],
)
def test_expected_so_far_is_rounded_down(lower: int, today: date, expected: int) -> None:
    assert expected_so_far(lower, YEAR, today) == expected


@given(lower=st.integers(0, 5000), today=st.dates(date(2023, 1, 1), date(2027, 12, 31)))
def test_expected_so_far_equals_exact_arithmetic(lower: int, today: date) -> None:
    gone = min(max((today - date(2024, 1, 1)).days, 0), 366)
    assert expected_so_far(lower, calendar_year(2024), today) == floor(Fraction(lower * gone, 366))


@pytest.mark.parametrize(
    ("value", "bounds", "today", "state"),
    [
        (3, Bounds(4, 5), TODAY, State.COURSE),
        (2, Bounds(4, 5), TODAY, State.BELOW),
        (3, Bounds(4, 5), date(2027, 1, 1), State.BELOW),
        (4, Bounds(4, 5), TODAY, State.MET),
        (5, Bounds(4, 5), TODAY, State.MET),
        (6, Bounds(4, 5), TODAY, State.OVER),
        (10, Bounds(10, None), TODAY, State.MET),
        (99, Bounds(10, None), TODAY, State.MET),
        (0, Bounds(1, 1), date(2026, 12, 31), State.COURSE),
        (0, Bounds(1, 1), date(2027, 1, 1), State.BELOW),
        (3, Bounds(2, 2), TODAY, State.OVER),
        (0, None, TODAY, State.NONE),
        (7, None, TODAY, State.NONE),
        (None, Bounds(1, 1), TODAY, State.MISS),
        (None, None, TODAY, State.MISS),
    ],
)
def test_every_state(value: int | None, bounds: Bounds | None, today: date, state: State) -> None:
    assert target_state(value, bounds, YEAR, today) is state


def test_a_target_of_the_whole_programme_is_judged_over_all_its_years() -> None:
    span = years_between(2023, 2026)
    assert expected_so_far(8, span, date(2025, 1, 1)) == 4
    assert target_state(4, Bounds(8, None), span, date(2025, 1, 1)) is State.COURSE


def test_how_much_of_the_year_has_gone() -> None:
    assert [percent_gone(2026, day) for day in (date(2026, 1, 1), TODAY, date(2026, 12, 31))] == [0, 89, 99]
