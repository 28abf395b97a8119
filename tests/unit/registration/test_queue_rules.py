"""Rule 13 without a database: who is next, and until when an offer stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from integration.kernel.clock import local
from integration.registration.rules import is_quiet, may_pass, must_wait, next_in_line, offer_times, when_awake

QUEUES = st.lists(st.integers(1, 12), max_size=8)
SPRING = datetime(2026, 3, 20, tzinfo=UTC)
MOMENTS = st.integers(0, 235 * 24 * 60).map(lambda minutes: SPRING + timedelta(minutes=minutes))
"""Over both changes of the clock."""


@given(QUEUES, st.integers(0, 20), st.booleans())
def test_nobody_gets_a_part_and_no_place_twice(wanted: list[int], free: int, passing: bool) -> None:
    chosen = next_in_line(wanted, free, passing=passing)
    assert chosen == sorted(set(chosen))
    assert sum(wanted[index] for index in chosen) <= free


@given(QUEUES, st.integers(0, 20))
def test_long_before_nobody_passes(wanted: list[int], free: int) -> None:
    """Those who get places are the first so many, and the one after them does not fit."""
    chosen = next_in_line(wanted, free, passing=False)
    assert chosen == list(range(len(chosen)))
    left = free - sum(wanted[: len(chosen)])
    assert len(chosen) == len(wanted) or wanted[len(chosen)] > left


@given(QUEUES, st.integers(0, 20))
def test_near_the_start_nobody_who_fits_is_left_out(wanted: list[int], free: int) -> None:
    chosen = next_in_line(wanted, free, passing=True)
    left = free - sum(wanted[index] for index in chosen)
    assert all(places > left for index, places in enumerate(wanted) if index not in chosen)


def test_without_a_limit_all_come() -> None:
    assert next_in_line([12, 1, 12], None, passing=False) == [0, 1, 2]


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)))
def test_an_offer_keeps_the_night_and_the_start(now: datetime, ahead: timedelta) -> None:
    starts_at = now + ahead
    times = offer_times(now, starts_at)
    if times is None:
        return
    assert now <= times.tell_at < times.expires_at <= starts_at - timedelta(hours=2)
    assert not is_quiet(times.tell_at)
    assert not is_quiet(times.expires_at)
    for moment in (times.tell_at, times.expires_at):
        assert 8 <= local(moment).hour < 21


@given(MOMENTS)
def test_an_offer_stands_a_day_where_there_is_one(now: datetime) -> None:
    """An hour more or the morning after, only where the clock changes or the day would end in the night."""
    times = offer_times(now, now + timedelta(days=30))
    assert times is not None
    lasts = times.expires_at - times.tell_at
    assert timedelta(hours=24) <= lasts <= timedelta(hours=36)
    if not is_quiet(times.tell_at + timedelta(hours=24)):
        assert lasts == timedelta(hours=24)


def test_nights_by_the_citys_clock() -> None:
    summer_evening = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)
    assert when_awake(summer_evening) == datetime(2026, 7, 2, 5, 0, tzinfo=UTC)
    before_winter = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert when_awake(before_winter) == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    assert when_awake(datetime(2026, 3, 28, 22, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_a_morning_session_is_answered_the_evening_before() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    times = offer_times(now, datetime(2026, 11, 25, 7, 0, tzinfo=UTC))
    assert times is not None
    assert local(times.expires_at).strftime("%d %H:%M") == "24 20:59"


def test_too_late_to_ask() -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert offer_times(now, now + timedelta(hours=2, minutes=29)) is None
    assert offer_times(now, now + timedelta(hours=2, minutes=30)) is not None


def test_the_crossing() -> None:
    starts_at = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    assert not may_pass(starts_at, starts_at - timedelta(hours=48, seconds=1))
    assert may_pass(starts_at, starts_at - timedelta(hours=48))


def test_passers_by_wait_while_anyone_waits() -> None:
    assert must_wait(1, 5, 1, passing=False)
    assert not must_wait(1, 5, 0, passing=False)
    assert not must_wait(1, 5, 1, passing=True)
    assert must_wait(6, 5, 0, passing=True)
    assert not must_wait(12, None, 3, passing=False)
