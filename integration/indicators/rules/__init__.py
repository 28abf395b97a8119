"""How figures are counted, judged and printed: pure functions over plain data."""

from __future__ import annotations

from integration.indicators.rules.cycle import FORMULA_VERSION, STEPS, Reported, Said, Step, keys_end_on, may
from integration.indicators.rules.facts import SOURCES, Counted, Dated, Facts, Slice, Sums, counted, percent, value_of
from integration.indicators.rules.figures import (
    Figure,
    Square,
    figure_of,
    line_state,
    month_squares,
    week_squares,
)
from integration.indicators.rules.periods import (
    Span,
    calendar_year,
    distinct_months,
    distinct_weeks,
    month_start,
    part_of_month,
    percent_gone,
    weeks_in,
    years_between,
)
from integration.indicators.rules.small_figures import Cell, Standing, cell, is_small, published, published_part
from integration.indicators.rules.targets import (
    Bounds,
    State,
    bounds_of,
    expected_so_far,
    periods_planned,
    target_state,
)
from integration.indicators.rules.year_rows import YearRow, year_row

__all__ = [
    "FORMULA_VERSION",
    "SOURCES",
    "STEPS",
    "Bounds",
    "Cell",
    "Counted",
    "Dated",
    "Facts",
    "Figure",
    "Reported",
    "Said",
    "Slice",
    "Span",
    "Square",
    "Standing",
    "State",
    "Step",
    "Sums",
    "YearRow",
    "bounds_of",
    "calendar_year",
    "cell",
    "counted",
    "distinct_months",
    "distinct_weeks",
    "expected_so_far",
    "figure_of",
    "is_small",
    "keys_end_on",
    "line_state",
    "may",
    "month_squares",
    "month_start",
    "part_of_month",
    "percent",
    "percent_gone",
    "periods_planned",
    "published",
    "published_part",
    "target_state",
    "value_of",
    "week_squares",
    "weeks_in",
    "year_row",
    "years_between",
]
