"""Months and ISO weeks as grids of dates; no clock here, a date is a date on the city's calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""The years that calendars here show, the same in which a session can be made."""

Span = TypeVar("Span", "Month", "Week")


@dataclass(frozen=True)
class Month:
    """One month of one year, 1 to 12."""

    year: int
    number: int

    @classmethod
    def of(cls, on: date) -> Month:
        """The month that this date lies in."""
        return cls(on.year, on.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """The month written as ``2026-11`` (ISO 8601); None for anything else."""
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        return _in_our_time(cls(int(found[1]), int(found[2]))) if found else None

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 12, self.number % 12 + 1, 1) - timedelta(days=1)

    @property
    def previous(self) -> Month | None:
        """The month before, within our years."""
        return _in_our_time(Month.of(self.first - timedelta(days=1)))

    @property
    def next(self) -> Month | None:
        """The month after, within our years."""
        return _in_our_time(Month.of(self.last + timedelta(days=1)))

    @property
    def weeks(self) -> list[Week]:
        """The weeks that have a day in this month, in order."""
        first = Week.of(self.first)
        number = (self.last - first.monday).days // 7 + 1
        return [Week.of(first.monday + timedelta(weeks=each)) for each in range(number)]


@dataclass(frozen=True)
class Week:
    """One week as ISO 8601 counts them: from Monday, the first being the one with the year's first Thursday."""

    year: int
    number: int

    @classmethod
    def of(cls, on: date) -> Week:
        """The week that this date lies in; its year is not always the date's."""
        year, number, _weekday = on.isocalendar()
        return cls(year, number)

    @classmethod
    def read(cls, text: str) -> Week | None:
        """The week written as ``2026-W48``; None for anything else, so for week 53 of a year that has 52."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not found:
            return None
        week = cls(int(found[1]), int(found[2]))
        try:
            return _in_our_time(week) if Week.of(week.monday) == week else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> list[date]:
        """Its seven days."""
        return [self.monday + timedelta(days=each) for each in range(7)]

    @property
    def previous(self) -> Week | None:
        """The week before, within our years."""
        return _in_our_time(Week.of(self.monday - timedelta(days=7)))

    @property
    def next(self) -> Week | None:
        """The week after, within our years."""
        return _in_our_time(Week.of(self.monday + timedelta(days=7)))


def _in_our_time(span: Span) -> Span | None:
    return span if FIRST_YEAR <= span.year <= LAST_YEAR else None
