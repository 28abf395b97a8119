"""The tables of indicators: figures folded from sessions, and what is reported beside them."""

from __future__ import annotations

from integration.indicators.models.folded import (
    WHOLE_PROGRAMME,
    FoldedMark,
    FoldedPersons,
    FoldedServing,
    FoldedSession,
    FoldedSum,
    FoldedVisitor,
    MarkKind,
)
from integration.indicators.models.reports import ClosedYear, Evidence, HiddenAs, Provenance, Report, Stage

__all__ = [
    "WHOLE_PROGRAMME",
    "ClosedYear",
    "Evidence",
    "FoldedMark",
    "FoldedPersons",
    "FoldedServing",
    "FoldedSession",
    "FoldedSum",
    "FoldedVisitor",
    "HiddenAs",
    "MarkKind",
    "Provenance",
    "Report",
    "Stage",
]
