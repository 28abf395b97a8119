"""Months and weeks as grids: every day once, across year ends, leap days and week 53."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from integration.activities.rules import Month, Week

days = some.dates(date(2000, 1, 31), date(2100, 11, 30))


@given(days)
def test_a_month_is_whole_weeks_that_hold_each_of_its_days_once(on: date) -> None:
    month = Month.of(on)
    dates = [each for week in month.weeks for each in week.days]
    assert dates == sorted(set(dates)) and len(dates) % 7 == 0
    assert [each for each in dates if Month.of(each) == month] == [
        month.first + timedelta(days=number) for number in range((month.last - month.first).days + 1)
    ]
    assert all(any(Month.of(each) == month for each in week.days) for week in month.weeks)


@given(days)
def test_to_and_fro_and_written_and_read(on: date) -> None:
    month, week = Month.of(on), Week.of(on)
    assert Month.read(str(month)) == month
    assert Week.read(str(week)) == week
    assert month.next and month.next.previous == month
    assert week.next and week.next.previous == week
    assert on in week.days and month.first <= on <= month.last


def test_week_53_exists_in_long_years_only() -> None:
    found = Week.read("2026-W53")
    assert found and found.days == [date(2026, 12, 28) + timedelta(days=each) for each in range(7)]
    assert found.next == Week(2027, 1)
    assert Week.read("2027-W53") is None
    assert Week.of(date(2027, 1, 1)) == found


def test_a_month_may_need_four_weeks_or_six() -> None:
    assert [each.number for each in Month(2027, 2).weeks] == [5, 6, 7, 8]
    assert [each.number for each in Month(2026, 8).weeks] == [31, 32, 33, 34, 35, 36]
    assert [each.number for each in Month(2027, 1).weeks] == [53, 1, 2, 3, 4]


def test_calendars_end_where_our_years_do() -> None:
    assert Month(2000, 1).previous is None and Month(2100, 12).next is None
    assert Month(2100, 12).last == date(2100, 12, 31)
    assert Week(2000, 1).previous is None
    last = Week.read("2100-W52")
    assert last and last.next is None


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-13", "2026-00", "1999-12", "2101-01", "٢٠٢٦-٠١", "2026-11-24", "2026-11\n"],
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert Month.read(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "2026-48", "2026-W00", "2026-W54", "2026-W1", "1999-W52", "2101-W01", "0000-W01", "2026-W٤٨"],
)
def test_what_is_no_week_is_none(text: str) -> None:
    assert Week.read(text) is None
