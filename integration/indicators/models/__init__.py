"""The tables of indicators: figures folded from sessions, and what is reported beside them."""

from __future__ import annotations

from integration.indicators.models.folded import (
    WHOLE_PROGRAMME,
    FoldedPersons,
    FoldedServing,
    FoldedSession,
    FoldedSum,
    FoldedVisitor,
)
from integration.indicators.models.reports import ClosedYear, Evidence, HiddenAs, Provenance, Report, Stage

__all__ = [
    "WHOLE_PROGRAMME",
    "ClosedYear",
    "Evidence",
    "FoldedPersons",
    "FoldedServing",
    "FoldedSession",
    "FoldedSum",
    "FoldedVisitor",
    "HiddenAs",
    "Provenance",
    "Report",
    "Stage",
]
