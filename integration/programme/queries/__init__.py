"""Reading programmes: single rows by slug, and the whole outline that dashboards and reports are drawn from."""

from __future__ import annotations

from integration.programme.queries.by_slug import (
    actions_by_slug,
    current_programme,
    indicator_by_slug,
    programme_by_slug,
    responsible_parties,
)
from integration.programme.queries.edits import EditView, edits_of, programme_row
from integration.programme.queries.organisations import PartView, organisation_edits, parts_of
from integration.programme.queries.outlines import (
    ActionOutline,
    DomainOutline,
    GoalOutline,
    IndicatorOutline,
    LineOutline,
    PartyOutline,
    ProgrammeOutline,
    TargetOutline,
)
from integration.programme.queries.programme_outline import programme_outline

__all__ = [
    "ActionOutline",
    "DomainOutline",
    "EditView",
    "GoalOutline",
    "IndicatorOutline",
    "LineOutline",
    "PartView",
    "PartyOutline",
    "ProgrammeOutline",
    "TargetOutline",
    "actions_by_slug",
    "current_programme",
    "edits_of",
    "indicator_by_slug",
    "organisation_edits",
    "parts_of",
    "programme_by_slug",
    "programme_outline",
    "programme_row",
    "responsible_parties",
]
