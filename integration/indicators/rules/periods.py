"""Years, months and weeks on the city's calendar, and how much of them has gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Week = tuple[int, int]
"""An ISO 8601 week: year and number. 2026 has 53 of them."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.ends_on - self.starts_on).days + 1

    def days_gone(self, today: date) -> int:
        """How many of its days are over; today is not, so a yearly fair is on course until the last evening."""
        return min(max((today - self.starts_on).days, 0), self.days)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.ends_on


def calendar_year(year: int) -> Span:
    """A year from its first day to its last."""
    return years_between(year, year)


def years_between(first: int, last: int) -> Span:
    """Whole years, both included."""
    return Span(date(first, 1, 1), date(last, 12, 31))


def percent_gone(year: int, today: date) -> int:
    """The share of a year that has gone, in whole percent."""
    span = calendar_year(year)
    return 100 * span.days_gone(today) // span.days


def week_of(on_date: date) -> Week:
    """The ISO week of a date; around New Year it may belong to the neighbouring year."""
    iso = on_date.isocalendar()
    return iso.year, iso.week


def weeks_in(year: int) -> int:
    """How many ISO weeks a year has: 52 or 53 (28 December is always in the last)."""
    return date(year, 12, 28).isocalendar().week


def distinct_weeks(dates: Iterable[date]) -> list[Week]:
    """The weeks that these dates fall in, in order.

    A session counts in the year of its local date, and one ISO week is one week: of the days around New Year that
    share a week, each year counts its own.
    """
    return sorted({week_of(each) for each in dates})


def distinct_months(dates: Iterable[date]) -> list[int]:
    """The months (1 to 12) that these dates of one year fall in, in order."""
    return sorted({each.month for each in dates})


def part_of_month(on_date: date) -> date:
    """The first of the days that share both the week and the month of this one: some sixty such parts make a year."""
    return max(on_date - timedelta(days=on_date.weekday()), on_date.replace(day=1))


def month_start(today: date) -> date:
    """The first day of the running month: everything before it lies in closed months (rule 10)."""
    return today.replace(day=1)
