"""The year's rules: holidays, what becomes a line, and what collides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from integration.activities.models import SessionKind
from integration.activities.rules import Rhythm, YearSession, arranged, collisions, on_holidays, public_holidays
from integration.kernel.clock import wall_times

_keys = count(1)


def at(on: date, hour: int = 17, hours: float = 2, **over: Any) -> YearSession:
    """A café at this hour on the city's clock."""
    starts_at = wall_times(on, time(hour))[0]
    values: dict[str, Any] = {
        "key": f"key-{next(_keys)}",
        "activity_id": 1,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "local_on": on,
        "cancelled": False,
        "kind": SessionKind.CAFE,
        "title": {"sv": "Kafé"},
        "venue": None,
        "capacity": 20,
        "public": True,
    }
    return YearSession(**{**values, **over})


def fair(on: date, hour: int = 12, **over: Any) -> YearSession:
    """A fair, each of its own activity."""
    return at(on, hour, **{"kind": SessionKind.FAIR, "activity_id": next(_keys), **over})


def weekly(first: date, number: int, step: int = 7, **over: Any) -> list[YearSession]:
    """Sessions every so many days."""
    return [at(first + timedelta(days=step * each), **over) for each in range(number)]


@pytest.mark.parametrize(
    ("on", "sv", "fi"),
    [
        (date(2026, 4, 3), "Långfredagen", "Pitkäperjantai"),
        (date(2026, 4, 6), "Annandag påsk", "Toinen pääsiäispäivä"),
        (date(2027, 3, 28), "Påskdagen", "Pääsiäispäivä"),
        (date(2026, 6, 20), "Midsommardagen", "Juhannuspäivä"),
        (date(2027, 6, 25), "Midsommarafton", "Juhannusaatto"),
        (date(2026, 12, 6), "Självständighetsdagen", "Itsenäisyyspäivä"),
        (date(2026, 10, 31), "Alla helgons dag", "Pyhäinpäivä"),
        (date(2026, 5, 14), "Kristi himmelsfärdsdag", "Helatorstai"),
    ],
)
def test_holidays_of_finland_in_both_languages(on: date, sv: str, fi: str) -> None:
    name = public_holidays(on.year)[on]
    assert (name["sv"], name["fi"]) == (sv, fi) and name["en"]


@pytest.mark.parametrize("year", range(2000, 2101, 10))
def test_every_year_has_its_holidays_in_order(year: int) -> None:
    found = list(public_holidays(year))
    assert found == sorted(found) and 13 <= len(found) <= 16
    midsummer = next(on for on, name in public_holidays(year).items() if name["en"] == "Midsummer Day")
    assert midsummer.weekday() == 5 and date(year, 6, 20) <= midsummer <= date(year, 6, 26)


def test_a_weekly_activity_is_one_line_with_its_weeks_and_its_rest() -> None:
    spring, autumn = weekly(date(2026, 1, 6), 21), weekly(date(2026, 8, 18), 17)
    lines, alone = arranged([*spring, *autumn])
    assert alone == []
    (line,) = lines
    assert (line.rhythm, line.weekday, line.times) == (Rhythm.WEEKLY, 1, 38)
    assert [each.weeks for each in line.spans] == [(2, 22), (34, 50)]
    assert 7 not in line.months and 1 in line.months


def test_a_cancelled_date_stays_in_its_line_and_is_named() -> None:
    sessions = [*weekly(date(2026, 1, 6), 5), at(date(2026, 2, 10), cancelled=True)]
    (line,) = arranged(sessions)[0]
    assert line.times == 5 and line.cancelled == (date(2026, 2, 10),)


def test_the_dst_nights_do_not_break_a_line() -> None:
    (line,) = arranged(weekly(date(2026, 3, 8), 8))[0]
    assert [each.weeks for each in line.spans] == [(10, 17)]


def test_a_line_that_begins_in_last_years_week_says_dates() -> None:
    (line,) = arranged(weekly(date(2027, 1, 1), 6))[0]
    assert line.spans[0].weeks is None and line.spans[0].first == date(2027, 1, 1)


def test_every_second_week_and_every_month() -> None:
    assert arranged(weekly(date(2026, 1, 7), 6, 14))[0][0].rhythm == Rhythm.BIWEEKLY
    firsts = [at(date(2026, month, 1 + (3 - date(2026, month, 1).weekday()) % 7)) for month in (1, 2, 3, 4, 9, 10)]
    (line,) = arranged(firsts)[0]
    assert (line.rhythm, line.weekday, len(line.spans)) == (Rhythm.MONTHLY, 3, 1)


def test_two_weekdays_are_two_lines_and_stray_dates_stand_alone() -> None:
    stray = at(date(2026, 5, 2))
    lines, alone = arranged([*weekly(date(2026, 1, 6), 9), *weekly(date(2026, 1, 8), 9), stray])
    assert [line.weekday for line in lines] == [1, 3] and alone == [stray]


def test_a_weekday_now_and_then_is_no_rhythm() -> None:
    dates = [date(2026, 1, 5) + timedelta(days=each) for each in (0, 7, 14, 21, 23, 40, 52, 66, 81, 95, 110)]
    (line,) = arranged([at(on) for on in dates])[0]
    assert (line.rhythm, line.times) == (Rhythm.OFTEN, 11)


def test_fairs_stand_one_by_one_however_many() -> None:
    fairs = [fair(date(2026, 1, 6) + timedelta(days=7 * each), activity_id=1) for each in range(8)]
    assert arranged(fairs) == ([], fairs)


@given(some.lists(some.tuples(some.integers(0, 364), some.integers(1, 4), some.sampled_from(SessionKind)), max_size=60))
def test_nothing_is_lost_and_nothing_shown_twice(drawn: list[tuple[int, int, SessionKind]]) -> None:
    first = date(2026, 1, 1)
    sessions = [at(first + timedelta(days=day), activity_id=activity, kind=kind) for day, activity, kind in drawn]
    lines, alone = arranged(sessions)
    shown = [each.key for line in lines for each in line.sessions] + [each.key for each in alone]
    assert sorted(shown) == sorted(each.key for each in sessions)
    for line in lines:
        dates = {each.local_on for each in line.sessions}
        assert all(any(span.first <= on <= span.last for span in line.spans) for on in dates)


def test_two_big_events_on_one_day_collide_even_hours_apart() -> None:
    early, late = fair(date(2026, 9, 12), 9), at(date(2026, 9, 12), 19, capacity=50)
    small, gone, other_day = (
        at(date(2026, 9, 12), capacity=49),
        fair(date(2026, 9, 12), cancelled=True),
        fair(date(2026, 9, 13)),
    )
    (found,) = collisions([late, small, gone, other_day, early])
    assert (found.on, found.sessions) == (date(2026, 9, 12), (early, late))


def test_an_event_of_several_days_collides_with_each_of_them() -> None:
    long = fair(date(2026, 9, 11), 9, hours=60)
    second, last = fair(date(2026, 9, 12), 20), fair(date(2026, 9, 13), 20)
    found = collisions([long, second, last])
    assert [each.sessions for each in found] == [(long, second, last)]


def test_midnight_is_no_part_of_the_next_day() -> None:
    until_midnight = fair(date(2026, 9, 11), 20, hours=4)
    assert collisions([until_midnight, fair(date(2026, 9, 12), 10)]) == []
    assert until_midnight.last_on == date(2026, 9, 11)


def test_three_on_one_day_are_told_once() -> None:
    three = [fair(date(2026, 9, 12), hour) for hour in (9, 12, 15)]
    assert [len(each.sessions) for each in collisions(three)] == [3]


@given(some.lists(some.tuples(some.integers(0, 20), some.integers(0, 23), some.floats(0.5, 70)), max_size=12))
def test_every_pair_that_shares_a_day_is_pointed_out(drawn: list[tuple[int, int, float]]) -> None:
    first = date(2026, 3, 20)
    fairs = [fair(first + timedelta(days=day), hour, hours=hours) for day, hour, hours in drawn if hour != 3]
    told = {
        frozenset((one.key, two.key))
        for each in collisions(fairs)
        for one in each.sessions
        for two in each.sessions
        if one is not two
    }
    sharing = {
        frozenset((one.key, two.key))
        for one in fairs
        for two in fairs
        if one is not two and one.local_on <= two.last_on and two.local_on <= one.last_on
    }
    assert sharing <= told


def test_a_fair_on_a_holiday_is_pointed_out_and_a_café_is_not() -> None:
    midsummer = date(2026, 6, 20)
    holidays = public_holidays(2026)
    on, eve = fair(midsummer), fair(date(2026, 6, 18), hours=30)
    small, gone, plain = at(midsummer), fair(midsummer, cancelled=True), fair(date(2026, 6, 22))
    assert on_holidays([on, eve, small, gone, plain], holidays) == [on, eve]


def test_a_moment_is_a_moment() -> None:
    assert at(date(2026, 10, 25)).starts_at == datetime.fromisoformat("2026-10-25T15:00:00+00:00")
