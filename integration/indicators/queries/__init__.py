"""Reading figures."""

from __future__ import annotations

from integration.indicators.queries.behind import BehindSession, SessionsBehind, sessions_behind
from integration.indicators.queries.figures import ProgrammeFigures, counts_for, programme_figures
from integration.indicators.queries.servings import actions_served
from integration.indicators.queries.settled import settled_sessions

__all__ = [
    "BehindSession",
    "ProgrammeFigures",
    "SessionsBehind",
    "actions_served",
    "counts_for",
    "programme_figures",
    "sessions_behind",
    "settled_sessions",
]
