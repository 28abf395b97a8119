"""The tables of a programme."""

from __future__ import annotations

from integration.programme.models.changes import Edit, Succession
from integration.programme.models.programme import (
    Action,
    Aggregation,
    Domain,
    Goal,
    Indicator,
    IndicatorKind,
    Measure,
    MeterLine,
    Part,
    Programme,
    Responsibility,
    Target,
    TargetForm,
    TargetPeriod,
)

__all__ = [
    "Action",
    "Aggregation",
    "Domain",
    "Edit",
    "Goal",
    "Indicator",
    "IndicatorKind",
    "Measure",
    "MeterLine",
    "Part",
    "Programme",
    "Responsibility",
    "Succession",
    "Target",
    "TargetForm",
    "TargetPeriod",
]
