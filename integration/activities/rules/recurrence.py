"""How an activity recurs: from a rule to the dates it means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta
from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule, weekday

from integration.activities.errors import RuleEndsBeforeItStarts, RuleNotWhole, RuleTooLong
from integration.activities.models import Frequency

LONGEST = relativedelta(months=24)
NTHS = (1, 2, 3, 4, -1)
"""Every month has a first to fourth of each weekday, and a last; not every month has a fifth."""

Span = tuple[date, date]
"""Two dates, both included."""

_FREQUENCIES: dict[Frequency, Literal[0, 1, 2]] = {
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
    Frequency.YEARLY: YEARLY,
}
_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)


@dataclass(frozen=True)
class Recurrence:
    """A rule as staff say it: every second Tuesday; each month's last Friday; each year's second Saturday of September.

    ``weekday`` counts from 0 (Monday), ``nth`` is 1 to 4 or -1 for the last. A yearly rule without ``nth`` keeps
    the date of ``starts_on``; one by hand lists its ``dates``. ``at`` is wall time in the city.
    """

    frequency: Frequency
    starts_on: date
    until_on: date
    at: time
    interval: int = 1
    weekday: int | None = None
    nth: int | None = None
    month: int | None = None
    dates: tuple[date, ...] = ()


def check_recurrence(rule: Recurrence) -> None:
    """Raise RuleEndsBeforeItStarts, RuleTooLong or RuleNotWhole for a rule that cannot be kept."""
    if rule.until_on < rule.starts_on:
        raise RuleEndsBeforeItStarts
    latest_on = rule.starts_on + LONGEST
    if rule.until_on > latest_on:
        raise RuleTooLong(rule.until_on, latest_on)
    part = _missing_part(rule)
    if part:
        raise RuleNotWhole(part)


def occurrences(rule: Recurrence, exceptions: Collection[date] = (), pauses: Sequence[Span] = ()) -> list[date]:
    """The dates of a rule in order, without its exceptions and without what falls in a pause."""
    check_recurrence(rule)
    return [each for each in _all_dates(rule) if each not in exceptions and not _rests(each, pauses)]


def _missing_part(rule: Recurrence) -> str | None:
    if rule.frequency == Frequency.BY_HAND:
        return None if rule.dates else "dates"
    if not 1 <= rule.interval <= 52:
        return "interval"
    by_weekday = rule.frequency != Frequency.YEARLY or rule.nth is not None
    if by_weekday and rule.weekday not in range(7):
        return "weekday"
    if rule.frequency == Frequency.MONTHLY and rule.nth not in NTHS:
        return "nth"
    if rule.frequency == Frequency.YEARLY and rule.nth is not None:
        return _missing_part_of_year(rule)
    return None


def _missing_part_of_year(rule: Recurrence) -> str | None:
    if rule.nth not in NTHS:
        return "nth"
    return None if rule.month in range(1, 13) else "month"


def _all_dates(rule: Recurrence) -> list[date]:
    if rule.frequency == Frequency.BY_HAND:
        return sorted({each for each in rule.dates if rule.starts_on <= each <= rule.until_on})
    first = next(iter(_rrule(rule, rule.starts_on, 1)), None)
    return [] if first is None else [each.date() for each in _rrule(rule, first.date(), rule.interval)]


def _rrule(rule: Recurrence, starts_on: date, interval: int) -> rrule:
    """The library's rule (RFC 5545, 3.3.10). An interval is counted from the first date met, not from the week or
    month in which the rule happens to begin: "every second Monday from Wednesday" begins on the next Monday.
    """
    nth = None if rule.frequency == Frequency.WEEKLY else rule.nth
    by_weekday = rule.frequency == Frequency.WEEKLY or nth is not None
    return rrule(
        _FREQUENCIES[rule.frequency],
        dtstart=_midnight(starts_on),
        until=_midnight(rule.until_on),
        interval=interval,
        byweekday=_day_of(rule.weekday or 0, nth) if by_weekday else None,
        bymonth=rule.month if rule.frequency == Frequency.YEARLY and nth else None,
    )


def _day_of(number: int, nth: int | None) -> weekday:
    return _WEEKDAYS[number](nth) if nth else _WEEKDAYS[number]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time())


def _rests(on: date, pauses: Sequence[Span]) -> bool:
    return any(starts_on <= on <= ends_on for starts_on, ends_on in pauses)


def until_suggestion(starts_on: date) -> date:
    """A last day to begin with: half a year of dates, within what a rule may last."""
    return starts_on + timedelta(days=182)
