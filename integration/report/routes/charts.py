"""Figures as the chart macros draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from integration.indicators.rules import Cell, Figure, Standing
from integration.programme.models import IndicatorKind, Measure, TargetForm
from integration.programme.queries import IndicatorOutline
from integration.report.routes.words import cell_text, figure_text

LEAST = "least"
"""The state of a year of which only a part is told; its land is as pale as that of a year that is not over."""


@dataclass(frozen=True, slots=True)
class ChartYear:
    """One year of a chart."""

    year: int
    value: int | None
    text: str
    state: str
    squares: tuple[str, ...] = ()
    note: str = ""
    note_icon: str = ""
    reached: int = 0


@dataclass(frozen=True, slots=True)
class ChartTarget:
    """The light over the land; bounds of a whole year."""

    form: str
    lower: int
    upper: int | None


def drawing_of(indicator: IndicatorOutline) -> str:
    """Which of the small charts shows this indicator."""
    if indicator.kind is IndicatorKind.MILESTONE:
        return "milestone"
    return {Measure.MONTHS: "months", Measure.WEEKS: "weeks", Measure.UNIQUE: "persons"}.get(
        indicator.measure or Measure.HELD, "bars"
    )


def series_of(figures: Sequence[Figure], indicator: IndicatorOutline, *, big: bool = False) -> list[ChartYear]:
    """An indicator's years; in the big chart the number alone stands in the land, and a word under the year."""
    return [
        ChartYear(
            year=each.year,
            value=_drawn(each.cell),
            text=cell_text(each.cell, indicator.unit) if big else figure_text(each, indicator),
            state=_state(each.cell),
            squares=each.squares,
            note=str(_("in progress")) if big and each.standing is Standing.RUNNING else "",
            note_icon="hist" if big and each.standing is Standing.RUNNING else "",
            reached=each.value or 0 if indicator.kind is IndicatorKind.MILESTONE else 0,
        )
        for each in figures
    ]


def cells_of(years: Sequence[tuple[int, Cell]]) -> list[ChartYear]:
    """Plain counts per year."""
    return [ChartYear(year, _drawn(cell), cell_text(cell), _state(cell)) for year, cell in years]


def _drawn(cell: Cell) -> int | None:
    return cell.value if cell.least is None else cell.least


def _state(cell: Cell) -> str:
    return cell.standing if cell.least is None else LEAST


def target_of(figures: Sequence[Figure], indicator: IndicatorOutline) -> ChartTarget | None:
    """The target to draw: that of the last year that has one."""
    for figure in reversed(figures):
        aim = indicator.target_in(figure.year)
        if figure.bounds is not None and aim is not None:
            upper = figure.bounds.upper if aim.form is not TargetForm.EXACT else None
            return ChartTarget(aim.form, figure.bounds.lower, upper)
    return None
