"""What a spreadsheet's cells and rows mean: pure functions over plain data."""

from __future__ import annotations

from integration.history.rules.cells import (
    EMPTY,
    Cell,
    Unreadable,
    Value,
    as_clock,
    as_day,
    as_people,
    as_value,
    as_year,
)
from integration.history.rules.columns import (
    COLUMNS,
    FIT,
    Column,
    Headings,
    find_columns,
    guess_contents,
    heading_rank,
    plain,
)
from integration.history.rules.names import KnownAction, KnownIndicator, Names, Serving, slug_of
from integration.history.rules.rows import Problem, RowRead, read_session, read_total

__all__ = [
    "COLUMNS",
    "EMPTY",
    "FIT",
    "Cell",
    "Column",
    "Headings",
    "KnownAction",
    "KnownIndicator",
    "Names",
    "Problem",
    "RowRead",
    "Serving",
    "Unreadable",
    "Value",
    "as_clock",
    "as_day",
    "as_people",
    "as_value",
    "as_year",
    "find_columns",
    "guess_contents",
    "heading_rank",
    "plain",
    "read_session",
    "read_total",
    "slug_of",
]
