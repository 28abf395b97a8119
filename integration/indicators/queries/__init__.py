"""Reading figures."""

from __future__ import annotations

from integration.indicators.queries.behind import BehindSession, SessionsBehind, sessions_behind
from integration.indicators.queries.facts import Live
from integration.indicators.queries.figures import (
    Exact,
    Ground,
    ProgrammeFigures,
    exact_figures,
    figures_on,
    ground_of,
    live_counts,
    programme_figures,
)
from integration.indicators.queries.hiding import History, counts_for
from integration.indicators.queries.reports import (
    as_printed,
    closed_years,
    evidence_by_id,
    newest_report,
    report_for,
    reports_of,
    revisions,
)
from integration.indicators.queries.servings import actions_served
from integration.indicators.queries.settled import settled_sessions

__all__ = [
    "BehindSession",
    "Exact",
    "Ground",
    "History",
    "Live",
    "ProgrammeFigures",
    "SessionsBehind",
    "actions_served",
    "as_printed",
    "closed_years",
    "counts_for",
    "evidence_by_id",
    "exact_figures",
    "figures_on",
    "ground_of",
    "live_counts",
    "newest_report",
    "programme_figures",
    "report_for",
    "reports_of",
    "revisions",
    "sessions_behind",
    "settled_sessions",
]
