"""From the clock on the wall to the moment: exact on 363 days of the year, asked about on two nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.activities.errors import TimeDoesNotExist, TimeExistsTwice
from integration.activities.services import moment_at
from integration.kernel.clock import local

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), TIMES)
def test_what_stands_on_the_wall_is_kept_whatever_the_season(on: date, at: time) -> None:
    try:
        moment = moment_at(on, at)
    except (TimeDoesNotExist, TimeExistsTwice):
        assert on.month in (3, 10) and on.weekday() == 6 and at.hour == 3
    else:
        assert local(moment).replace(tzinfo=None) == datetime.combine(on, at)


def test_a_weekly_series_keeps_its_hour_over_both_nights() -> None:
    sundays = [SPRING + timedelta(weeks=n) for n in range(-1, 32)]
    assert {local(moment_at(on, time(14))).time() for on in sundays} == {time(14)}
    assert {moment_at(on, time(14)).hour for on in sundays} == {11, 12}


def test_an_hour_that_is_skipped_is_asked_about() -> None:
    with pytest.raises(TimeDoesNotExist) as refusal:
        moment_at(SPRING, time(3, 30))
    assert [local(each).time() for each in refusal.value.suggestions] == [time(2, 30), time(4, 30)]
    for chosen in refusal.value.suggestions:
        assert moment_at(SPRING, time(3, 30), [chosen]) == chosen


def test_an_hour_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(TimeExistsTwice) as refusal:
        moment_at(AUTUMN, time(3))
    first, second = refusal.value.choices
    assert (first, second) == (datetime(2027, 10, 31, 0, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC))
    assert moment_at(AUTUMN, time(3), [second]) == second


def test_an_answer_to_another_question_is_none() -> None:
    with pytest.raises(TimeExistsTwice):
        moment_at(AUTUMN, time(3), [datetime(2026, 10, 25, 1, tzinfo=UTC)])


def test_an_answer_changes_nothing_where_nothing_was_asked() -> None:
    assert moment_at(AUTUMN, time(14), [datetime(2027, 10, 31, 1, tzinfo=UTC)]) == datetime(
        2027, 10, 31, 12, tzinfo=UTC
    )
