"""What a target asks of a year, what it asks by today, and how a value stands against it (rule 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from integration.indicators.rules.periods import Span, weeks_in
from integration.programme.models import TargetForm, TargetPeriod

MONTHS = 12


class State(StrEnum):
    """How a figure stands; every state has its own drawing, word and colour. Exceeding is not red."""

    BELOW = "below"
    COURSE = "course"
    MET = "met"
    OVER = "over"
    NONE = "none"
    HIDDEN = "hidden"
    """It has a target, and a number that may not be printed: where it stands would tell of it."""
    AHEAD = "ahead"
    """It has a target, and nothing is there to hold against it yet."""
    MISS = "miss"
    NA = "na"


class Aim(Protocol):
    """A target as the programme states it."""

    @property
    def form(self) -> TargetForm: ...
    @property
    def period(self) -> TargetPeriod: ...
    @property
    def lower(self) -> int: ...
    @property
    def upper(self) -> int | None: ...
    @property
    def planned(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a whole year must reach; ``upper`` None: more is as good."""

    lower: int
    upper: int | None


def periods_planned(aim: Aim, year: int) -> int:
    """How many months or weeks the target speaks of in this year; cancelled dates do not shorten the plan."""
    if aim.period is TargetPeriod.MONTH:
        return aim.planned or MONTHS
    if aim.period is TargetPeriod.WEEK:
        return aim.planned or weeks_in(year)
    return 1


def bounds_of(aim: Aim, year: int) -> Bounds:
    """The target of a year, month or week as bounds for the year."""
    times = periods_planned(aim, year)
    upper = {TargetForm.EXACT: aim.lower, TargetForm.MINIMUM: None, TargetForm.RANGE: aim.upper}[aim.form]
    return Bounds(aim.lower * times, None if upper is None else upper * times)


def expected_so_far(lower: int, span: Span, today: date) -> int:
    """floor(lower bound x elapsed share of the span), in whole numbers."""
    return lower * span.days_gone(today) // span.days


def target_state(value: int | None, bounds: Bounds | None, span: Span, today: date) -> State:
    """How a value stands; a running year is on course when it has what is expected so far."""
    if value is None:
        return State.MISS
    if bounds is None:
        return State.NONE
    if bounds.upper is not None and value > bounds.upper:
        return State.OVER
    if value >= bounds.lower:
        return State.MET
    on_course = not span.is_over(today) and value >= expected_so_far(bounds.lower, span, today)
    return State.COURSE if on_course else State.BELOW
