"""An indicator's figure for one year: its value, how it stands, and what its small chart shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from integration.indicators.models import Provenance
from integration.indicators.rules.cycle import Reported
from integration.indicators.rules.facts import Counted, value_of
from integration.indicators.rules.periods import Span, calendar_year, distinct_months, distinct_weeks
from integration.indicators.rules.small_figures import (
    AHEAD,
    HIDDEN,
    MISSING,
    NOTHING,
    SUPPRESSED,
    WITHHELD,
    Cell,
    Standing,
    at_least,
    cell,
    is_small,
    unless_hidden,
)
from integration.indicators.rules.targets import (
    Aim,
    Bounds,
    State,
    bounds_of,
    expected_so_far,
    periods_planned,
    target_state,
)
from integration.programme.models import IndicatorKind, Measure

UNTOLD = (Measure.UNIQUE, Measure.LANGUAGE_SUPPORT)
"""Measures that are not known of a part: people are not of one sort of sessions, a share is no sum."""


class Square(StrEnum):
    """A month or planned week in a small chart."""

    HELD = "held"
    MISSED = "missed"
    COMING = "coming"
    OUT = "out"


class Definition(Protocol):
    """What a figure needs to know of its indicator."""

    @property
    def kind(self) -> IndicatorKind: ...
    @property
    def measure(self) -> Measure | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def first_year(self) -> int: ...
    @property
    def last_year(self) -> int: ...
    @property
    def traffic_light(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one year, as it may be shown."""

    year: int
    cell: Cell
    state: State
    of: int | None = None
    """For a share: of how many; for months and weeks: of how many that have begun."""
    bounds: Bounds | None = None
    expected: int | None = None
    """What the target asks by today; only of a running year."""
    planned: int | None = None
    """What the value becomes if everything planned this year is held."""
    coming_on: date | None = None
    """The next planned date of a running year."""
    squares: tuple[Square, ...] = ()
    report: Reported | None = None
    """What was reported of the year, if anything was."""
    provenance: Provenance | None = None
    """Where the number is from (rule 7); None where there is none."""
    now: int | None = None
    """What a locked figure would be today, where that differs: "now 43, reported 41". Never of U."""

    @property
    def value(self) -> int | None:
        """The number that may be printed."""
        return self.cell.value

    @property
    def standing(self) -> Standing:
        """What the number is, or why there is none."""
        return self.cell.standing


def figure_of(
    indicator: Definition,
    year: int,
    aim: Aim | None,
    found: Counted | None,
    today: date,
    report: Reported | None = None,
    hidden: Standing | None = None,
) -> Figure:
    """The figure of a year; ``found`` is what its sessions tell, None for what is not computed.

    A locked figure keeps its value, and is printed or not as when it was locked. A computed one takes a reported value
    only for a year without sessions. ``hidden`` is why what the sessions tell today may not be printed, beside what the
    figure itself tells of that.
    """
    figure = _printed(indicator, year, aim, found, today, report, hidden)
    if figure.state is not State.NONE or not indicator.traffic_light:
        return figure
    return replace(figure, state=_without_light(indicator, figure))


def _without_light(indicator: Definition, figure: Figure) -> State:
    """Why nothing says how a figure stands: no target is one reason of three. None of them depends on the number."""
    if figure.standing in HIDDEN and figure.bounds is not None:
        return State.HIDDEN
    asked = figure.bounds is not None or indicator.kind is IndicatorKind.MILESTONE
    return State.AHEAD if figure.standing is Standing.AHEAD and asked else State.NONE


def _printed(
    indicator: Definition,
    year: int,
    aim: Aim | None,
    found: Counted | None,
    today: date,
    report: Reported | None,
    hidden: Standing | None,
) -> Figure:
    if report is not None and report.locked and report.applies and _is_asked(indicator, year):
        return _locked(indicator, year, aim, found, today, report, hidden)
    figure = _figure_of(indicator, year, aim, found, today, report)
    if hidden is None or (figure.provenance is not Provenance.COMPUTED and figure.standing not in HIDDEN):
        return figure
    cell_ = unless_hidden(figure.cell, hidden)
    if cell_ is figure.cell:
        return figure
    bare = _bare(figure, at_least(cell_, _ordinary(indicator, figure, found)))
    return replace(bare, state=State.MET) if indicator.traffic_light and _surely_met(bare) else bare


def _surely_met(figure: Figure) -> bool:
    """Whether the ordinary sessions alone reach a minimum, which then everybody can see."""
    bounds, least = figure.bounds, figure.cell.least
    return bounds is not None and bounds.upper is None and least is not None and least >= bounds.lower


def _ordinary(indicator: Definition, figure: Figure, found: Counted | None) -> int | None:
    """What a figure's ordinary sessions come to."""
    if found is None or found.ordinary is None or indicator.measure in (None, *UNTOLD):
        return None
    return value_of(indicator.measure, indicator.unit, found.ordinary)[0]


def _figure_of(
    indicator: Definition, year: int, aim: Aim | None, found: Counted | None, today: date, report: Reported | None
) -> Figure:
    if not _is_asked(indicator, year):
        return Figure(year, NOTHING, State.NA)
    if report is not None and not report.applies:
        return Figure(year, NOTHING, State.NA, report=report)
    if year > today.year:
        return Figure(year, AHEAD, State.NONE, bounds=_bounds(indicator, aim, year), report=report)
    says = report is not None and report.says_something
    if found is not None and indicator.measure is not None and (found.known or not says):
        return replace(_computed(indicator, indicator.measure, year, aim, found, today), report=report)
    if report is None or not says:
        return replace(_not_reported(indicator, year, aim), report=report)
    return _reported(indicator, year, aim, today, report)


def _is_asked(indicator: Definition, year: int) -> bool:
    return indicator.first_year <= year <= indicator.last_year


def _reported(indicator: Definition, year: int, aim: Aim | None, today: date, report: Reported) -> Figure:
    """A figure as somebody reported it."""
    if indicator.kind is IndicatorKind.MILESTONE:
        return Figure(year, cell(1), State.MET, report=report, provenance=report.provenance)
    running = year == today.year and not report.locked
    bounds = _bounds(indicator, aim, year)
    why = why_hidden(indicator, report)
    if why is not None:
        return Figure(year, Cell(None, why), State.NONE, bounds=bounds, report=report, provenance=report.provenance)
    shown = cell(report.value, running=running)
    light = indicator.traffic_light and shown.value is not None
    state = target_state(report.value, bounds, calendar_year(year), today) if light else State.NONE
    return Figure(year, shown, state, report.of, bounds, report=report, provenance=report.provenance)


def why_hidden(indicator: Definition, report: Reported) -> Standing | None:
    """Why a report's number is not printed: of a locked one that was counted the reason of then.

    What surrounds it today would not know.
    """
    if report.locked and report.provenance is Provenance.COMPUTED:
        return report.hidden
    if not _is_telling(indicator, report):
        return None
    return Standing.WITHHELD if report.part is not None else Standing.SUPPRESSED


def _is_telling(indicator: Definition, report: Reported) -> bool:
    """Whether a reported number is so small that it points at somebody; of a share any part may be."""
    if not (report.personal or indicator.unit == "persons"):
        return False
    if report.part is not None and report.of is not None:
        return any(map(is_small, (report.part, report.of, report.of - report.part)))
    return is_small(report.value)


def _locked(
    indicator: Definition,
    year: int,
    aim: Aim | None,
    found: Counted | None,
    today: date,
    report: Reported,
    hidden: Standing | None,
) -> Figure:
    """The figure as it was locked; what sessions tell today stands beside it (rule 8), if both may be printed."""
    figure = _reported(indicator, year, aim, today, report)
    if not report.says_something:  # the council locked it as "not reported"
        figure = replace(_not_reported(indicator, year, aim), report=report)
    if found is None or indicator.measure is None or not found.known or hidden or figure.standing in HIDDEN:
        return figure
    live = _computed(indicator, indicator.measure, year, aim, found, today)
    if live.value == figure.value:
        return replace(figure, squares=live.squares, of=live.of)
    return figure if indicator.measure is Measure.UNIQUE else replace(figure, now=live.value)


def _not_reported(indicator: Definition, year: int, aim: Aim | None) -> Figure:
    """A figure that the responsible party owes; a milestone is asked for from the year in which it is due."""
    due = getattr(indicator, "due_year", None)
    if indicator.kind is IndicatorKind.MILESTONE and due is not None and year < due:
        return Figure(year, AHEAD, State.NONE)
    return Figure(year, MISSING, State.MISS, bounds=_bounds(indicator, aim, year))


def _bounds(indicator: Definition, aim: Aim | None, year: int) -> Bounds | None:
    return bounds_of(aim, year) if aim and indicator.kind is not IndicatorKind.MILESTONE else None


def _computed(
    indicator: Definition, measure: Measure, year: int, aim: Aim | None, found: Counted, today: date
) -> Figure:
    bounds = _bounds(indicator, aim, year)
    if not found.known:
        return Figure(year, MISSING, State.MISS, bounds=bounds)
    value, of = value_of(measure, indicator.unit, found)
    running = year == today.year
    if value is None:
        return _without_value(year, measure, bounds, running=running, sensitive=found.sensitive)
    span = calendar_year(year)
    state = target_state(value, bounds, span, today) if indicator.traffic_light else State.NONE
    figure = Figure(year, cell(value, running=running), state, of, bounds, provenance=Provenance.COMPUTED)
    if running:
        figure = _running(figure, measure, value, found, span, today)
    if measure in (Measure.MONTHS, Measure.WEEKS):
        figure = _with_squares(figure, measure, aim, found, today)
    return _suppressed(figure, measure, value, found)


def _without_value(year: int, measure: Measure, bounds: Bounds | None, *, running: bool, sensitive: bool) -> Figure:
    """Sessions, but nothing to take a share of, or nobody who could be told apart.

    U is then unknown, not 0; of sensitive sessions, which take no cards, it does not apply.
    """
    if running:
        return Figure(year, AHEAD, State.NONE, bounds=bounds)
    if measure is Measure.UNIQUE and not sensitive:
        return Figure(year, MISSING, State.MISS, bounds=bounds)
    return Figure(year, NOTHING, State.NONE, bounds=bounds)


def _running(figure: Figure, measure: Measure, value: int, found: Counted, span: Span, today: date) -> Figure:
    expected = expected_so_far(figure.bounds.lower, span, today) if figure.bounds else None
    ahead = {
        Measure.HELD: value + len(found.coming_on),
        Measure.MONTHS: len(distinct_months((*found.held_on, *found.coming_on))),
        Measure.WEEKS: len(distinct_weeks((*found.held_on, *found.coming_on))),
    }.get(measure)
    coming_on = found.coming_on[0] if found.coming_on else None
    return replace(figure, expected=expected, planned=ahead if ahead != value else None, coming_on=coming_on)


def _with_squares(figure: Figure, measure: Measure, aim: Aim | None, found: Counted, today: date) -> Figure:
    if measure is Measure.MONTHS:
        planned = periods_planned(aim, figure.year) if aim else 12
        squares = month_squares(found, planned, figure.year, today)
    else:
        scheduled = distinct_weeks((*found.held_on, *found.missed_on, *found.coming_on))
        planned = periods_planned(aim, figure.year) if aim else len(scheduled)
        squares = week_squares(found, planned, is_over=figure.year < today.year)
    begun = sum(1 for square in squares if square in (Square.HELD, Square.MISSED))
    if figure.year == today.year and measure is Measure.MONTHS:
        begun += squares[today.month - 1] is Square.COMING
    if measure is Measure.WEEKS:
        begun -= min(weeks_cancelled_ahead(found, today), squares.count(Square.MISSED))
    return replace(figure, squares=squares, of=begun)


def weeks_cancelled_ahead(found: Counted, today: date) -> int:
    """Weeks to come in which everything is cancelled: they will be missed, but nobody has missed them yet."""
    ahead = set(distinct_weeks(on for on in found.missed_on if on > today))
    others = (*found.held_on, *found.coming_on, *(on for on in found.missed_on if on <= today))
    return len(ahead - set(distinct_weeks(others)))


def month_squares(found: Counted, planned: int, year: int, today: date) -> tuple[Square, ...]:
    """Twelve months: held, gone without, still open, or outside the plan.

    The plan says how many months count, not which: those without any date lie outside it, July first, for that is
    when activities rest here.
    """
    held = set(distinct_months(found.held_on))
    scheduled = held | set(distinct_months((*found.missed_on, *found.coming_on)))
    free = sorted((month for month in range(1, 13) if month not in scheduled), key=lambda month: abs(month - 7))
    out = set(free[: max(12 - planned, 0)])
    squares = []
    for month in range(1, 13):
        gone = (year, month) < (today.year, today.month)
        open_or_gone = Square.MISSED if gone else Square.COMING
        squares.append(Square.HELD if month in held else Square.OUT if month in out else open_or_gone)
    return tuple(squares)


def week_squares(found: Counted, planned: int, *, is_over: bool) -> tuple[Square, ...]:
    """One square per planned week, in the order of the dates; planned weeks without a date stand last.

    More weeks held than planned are all shown.
    """
    held, missed = set(distinct_weeks(found.held_on)), set(distinct_weeks(found.missed_on))
    coming = set(distinct_weeks(found.coming_on))
    weeks = sorted(held | missed | coming)
    squares = [Square.HELD if week in held else Square.COMING if week in coming else Square.MISSED for week in weeks]
    surplus = max(len(squares) - planned, 0)
    for drop in (Square.COMING, Square.MISSED):
        while surplus and drop in squares:
            squares.reverse()
            squares.remove(drop)
            squares.reverse()
            surplus -= 1
    rest = Square.MISSED if is_over else Square.COMING
    return tuple(squares) + (rest,) * max(planned - len(squares), 0)


def _suppressed(figure: Figure, measure: Measure, value: int, found: Counted) -> Figure:
    """Hide a figure that is small by itself."""
    if not (found.sensitive or measure is Measure.UNIQUE):
        return figure
    if measure not in UNTOLD and not found.secret:
        return figure
    if measure is Measure.LANGUAGE_SUPPORT:
        shares = (found.sums.supported, found.sums.held, found.sums.held - found.sums.supported)
        return _bare(figure, WITHHELD) if any(map(is_small, shares)) else figure
    return _bare(figure, SUPPRESSED) if is_small(value) else figure


def _bare(figure: Figure, shown: Cell) -> Figure:
    """A hidden figure, without all that would tell it: state, squares, what is planned, what it would be now."""
    return Figure(
        figure.year, shown, State.NONE, bounds=figure.bounds, report=figure.report, provenance=figure.provenance
    )


def line_state(figures: Sequence[Figure], year: int) -> Figure:
    """The figure that a meter line's state shows: this year's, else the last one there is."""
    return next((each for each in figures if each.year == year), figures[-1])
