"""How a rule becomes dates: what people mean by it, its traps, and what it refuses."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.activities.errors import RuleEndsBeforeItStarts, RuleNotWhole, RuleTooLong
from integration.activities.forms.repeat_form import nth_of
from integration.activities.models import Frequency
from integration.activities.rules import NTHS, Recurrence, occurrences

AT = time(18)
DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 720).map(lambda days: timedelta(days=days))


def monthly(starts_on: date, until_on: date, weekday: int, nth: int, interval: int = 1) -> Recurrence:
    """A monthly rule."""
    return Recurrence(Frequency.MONTHLY, starts_on, until_on, AT, interval=interval, weekday=weekday, nth=nth)


def weekly(starts_on: date, until_on: date, weekday: int, interval: int = 1) -> Recurrence:
    """A weekly rule."""
    return Recurrence(Frequency.WEEKLY, starts_on, until_on, AT, interval=interval, weekday=weekday)


@given(DAYS, LENGTHS, st.integers(0, 6), st.integers(1, 8))
def test_weekly_dates_lie_a_whole_interval_apart(starts_on: date, length: timedelta, weekday: int, n: int) -> None:
    dates = occurrences(weekly(starts_on, starts_on + length, weekday, n))
    assert all(each.weekday() == weekday for each in dates)
    assert all(later - earlier == timedelta(weeks=n) for earlier, later in pairwise(dates))
    first = starts_on + timedelta((weekday - starts_on.weekday()) % 7)
    assert dates[:1] == ([first] if first <= starts_on + length else [])


@given(DAYS, LENGTHS, st.integers(0, 6), st.sampled_from(NTHS))
def test_monthly_dates_miss_no_month(starts_on: date, length: timedelta, weekday: int, nth: int) -> None:
    until_on = starts_on + length
    expected = [
        on
        for on in (starts_on + timedelta(days=n) for n in range(length.days + 1))
        if on.weekday() == weekday and _is_nth(on, nth)
    ]
    assert occurrences(monthly(starts_on, until_on, weekday, nth)) == expected


@given(DAYS, LENGTHS, st.integers(0, 6), st.sampled_from(NTHS), st.integers(1, 12))
def test_yearly_dates_are_those_of_their_month(
    starts_on: date, length: timedelta, weekday: int, nth: int, month: int
) -> None:
    rule = Recurrence(Frequency.YEARLY, starts_on, starts_on + length, AT, weekday=weekday, nth=nth, month=month)
    every = occurrences(monthly(starts_on, starts_on + length, weekday, nth))
    assert occurrences(rule) == [each for each in every if each.month == month]


@given(DAYS, LENGTHS, st.integers(0, 6), st.data())
def test_exceptions_and_pauses_only_take_away(
    starts_on: date, length: timedelta, weekday: int, data: st.DataObject
) -> None:
    rule = weekly(starts_on, starts_on + length, weekday)
    every = occurrences(rule)
    left_out = data.draw(st.sets(st.sampled_from(every))) if every else set()
    pause_from = starts_on + length / 3
    pause = (pause_from, pause_from + timedelta(days=20))
    kept = occurrences(rule, left_out, [pause])
    assert kept == [each for each in every if each not in left_out and not pause[0] <= each <= pause[1]]


def test_a_pause_includes_its_first_and_last_day() -> None:
    rule = weekly(date(2026, 6, 1), date(2026, 6, 29), 0)
    assert occurrences(rule, pauses=[(date(2026, 6, 8), date(2026, 6, 22))]) == [date(2026, 6, 1), date(2026, 6, 29)]


def test_the_last_weekday_is_sometimes_the_fifth() -> None:
    rule = monthly(date(2026, 1, 1), date(2026, 6, 30), 4, -1)
    assert [each.day for each in occurrences(rule)] == [30, 27, 27, 24, 29, 26]


def test_a_fifth_weekday_is_no_rule_for_not_every_month_has_one() -> None:
    with pytest.raises(RuleNotWhole) as refusal:
        occurrences(monthly(date(2026, 1, 1), date(2026, 6, 30), 4, 5))
    assert refusal.value.part == "nth"


@given(DAYS)
def test_the_first_day_says_which_weekday_of_the_month_is_meant(on: date) -> None:
    assert nth_of(on) in NTHS
    assert _is_nth(on, nth_of(on))


def test_every_second_monday_counts_from_the_first_monday_met() -> None:
    rule = weekly(date(2026, 11, 25), date(2026, 12, 31), 0, 2)
    assert occurrences(rule) == [date(2026, 11, 30), date(2026, 12, 14), date(2026, 12, 28)]


def test_every_third_month_counts_from_the_first_month_met() -> None:
    rule = monthly(date(2026, 1, 31), date(2026, 12, 31), 4, 1, interval=3)
    assert occurrences(rule) == [date(2026, 2, 6), date(2026, 5, 1), date(2026, 8, 7), date(2026, 11, 6)]


def test_a_yearly_date_stays_on_its_date() -> None:
    rule = Recurrence(Frequency.YEARLY, date(2026, 9, 17), date(2028, 9, 17), AT)
    assert occurrences(rule) == [date(2026, 9, 17), date(2027, 9, 17), date(2028, 9, 17)]


def test_the_29th_of_february_never_slides_to_march() -> None:
    rule = Recurrence(Frequency.YEARLY, date(2028, 2, 29), date(2030, 2, 28), AT)
    assert occurrences(rule) == [date(2028, 2, 29)]


def test_dates_by_hand_are_sorted_and_counted_once() -> None:
    dates = (date(2026, 9, 3), date(2026, 3, 4), date(2026, 9, 3))
    rule = Recurrence(Frequency.BY_HAND, date(2026, 3, 4), date(2026, 9, 3), AT, dates=dates)
    assert occurrences(rule) == [date(2026, 3, 4), date(2026, 9, 3)]


def test_a_rule_may_last_24_months_and_no_day_more() -> None:
    assert occurrences(weekly(date(2026, 1, 31), date(2028, 1, 31), 0))
    with pytest.raises(RuleTooLong) as refusal:
        occurrences(weekly(date(2026, 1, 31), date(2028, 2, 1), 0))
    assert refusal.value.latest_on == date(2028, 1, 31)


def test_a_rule_does_not_end_before_it_starts() -> None:
    with pytest.raises(RuleEndsBeforeItStarts):
        occurrences(weekly(date(2026, 2, 1), date(2026, 1, 31), 0))


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        (Recurrence(Frequency.WEEKLY, date(2026, 1, 1), date(2026, 2, 1), AT), "weekday"),
        (Recurrence(Frequency.WEEKLY, date(2026, 1, 1), date(2026, 2, 1), AT, weekday=7), "weekday"),
        (Recurrence(Frequency.WEEKLY, date(2026, 1, 1), date(2026, 2, 1), AT, weekday=0, interval=0), "interval"),
        (Recurrence(Frequency.MONTHLY, date(2026, 1, 1), date(2026, 2, 1), AT, weekday=0), "nth"),
        (Recurrence(Frequency.YEARLY, date(2026, 1, 1), date(2026, 2, 1), AT, weekday=0, nth=1), "month"),
        (Recurrence(Frequency.BY_HAND, date(2026, 1, 1), date(2026, 2, 1), AT), "dates"),
    ],
)
def test_what_a_rule_lacks_is_named(rule: Recurrence, part: str) -> None:
    with pytest.raises(RuleNotWhole) as refusal:
        occurrences(rule)
    assert refusal.value.part == part


def _is_nth(on: date, nth: int) -> bool:
    if nth == -1:
        return on.day + 7 > monthrange(on.year, on.month)[1]
    return (on.day - 1) // 7 + 1 == nth
