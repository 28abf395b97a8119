"""A month and a week of what is on: a list by day on phones, a table where there is room, and nothing but links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template

from integration.activities.routes.blueprint import blueprint
from integration.activities.routes.filters import Choices, Filters, filtered_sessions
from integration.activities.routes.rows import Row, days_of, next_dates
from integration.activities.rules import Month, PlacesState, Week, public_holidays
from integration.kernel.clock import local, local_date, midnight, utc_now
from integration.kernel.database import Texts
from integration.kernel.errors import NotFound
from integration.web.access import public

NOON, EVENING = 12, 17
"""The hours (local) at which a week's table begins another row."""


@dataclass(frozen=True)
class DayCell:
    """One day of a grid: its sessions, and the holiday that it is; ``inside`` the month or week that is shown."""

    on: date
    rows: tuple[Row, ...]
    holiday: Texts | None
    is_today: bool
    inside: bool = True

    @property
    def parts(self) -> tuple[list[Row], list[Row], list[Row]]:
        """Its sessions before noon, in the afternoon and in the evening."""
        hours = [(local(row.starts_at).hour if local_date(row.starts_at) == self.on else 0, row) for row in self.rows]
        return (
            [row for hour, row in hours if hour < NOON],
            [row for hour, row in hours if NOON <= hour < EVENING],
            [row for hour, row in hours if hour >= EVENING],
        )


@blueprint.get("/<language:language>/month/<month>")
@public
def month(month: str) -> str:
    """One month of what is on, as ``2026-11``."""
    shown = Month.read(month)
    if shown is None:
        raise NotFound(month)
    values, days = _span_page(shown.first, shown.last)
    weeks = [(each, [days.get(on) or _outside(on) for on in each.days]) for each in shown.weeks]
    return render_template("activities/month.html", month=shown, weeks=weeks, other=str(_week_in(shown)), **values)


@blueprint.get("/<language:language>/week/<week>")
@public
def week(week: str) -> str:
    """One week of what is on, as ``2026-W48``."""
    shown = Week.read(week)
    if shown is None:
        raise NotFound(week)
    values, days = _span_page(shown.days[0], shown.days[-1])
    cells = list(days.values())
    return render_template(
        "activities/week.html", week=shown, cells=cells, other=str(Month.of(shown.days[3])), **values
    )


def _span_page(first: date, last: date) -> tuple[dict[str, Any], dict[date, DayCell]]:
    """What both pages share, and each day's cell; at most three statements."""
    now, filters = utc_now(), Filters.from_request()
    choices = Choices.read(now)
    sessions = filtered_sessions(filters, midnight(first), midnight(last + timedelta(days=1)))
    inside = [each for each in sessions if first <= each.local_on <= last]
    days = [(on, [_past(row, now) for row in rows]) for on, rows in days_of(inside, next_dates(inside, now))]
    values = {
        "filters": filters,
        "choices": choices,
        "chosen": choices.chosen(filters),
        "days": days,
        "today": local_date(now),
        "holidays": {on: name for on, name in _holidays(first, last).items() if first <= on <= last},
    }
    return values, _cells(first, last, days, local_date(now))


def _cells(first: date, last: date, days: Sequence[tuple[date, list[Row]]], today: date) -> dict[date, DayCell]:
    rows, holidays = dict(days), _holidays(first, last)
    every = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return {on: DayCell(on, tuple(rows.get(on, ())), holidays.get(on), on == today) for on in every}


def _holidays(first: date, last: date) -> dict[date, Texts]:
    return {**public_holidays(first.year), **public_holidays(last.year)}


def _outside(on: date) -> DayCell:
    """A day of the month before or after: a number only, its sessions stand in their own month."""
    return DayCell(on, (), None, is_today=False, inside=False)


def _past(row: Row, now: datetime) -> Row:
    """Nobody needs to know how many places were left at what is over."""
    over = row.ends_at <= now and row.state != PlacesState.CANCELLED
    return replace(row, state=None, places_left=None) if over else row


def _week_in(month: Month) -> Week:
    """The week to show after this month: the present one if it is in it, else its first whole one."""
    today = local_date(utc_now())
    return Week.of(today if Month.of(today) == month else month.first + timedelta(days=3))
