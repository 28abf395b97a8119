"""What the staff pages of report share: the blueprint, the programme at hand, and whose rows the reader answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.kernel.errors import NotFound
from integration.programme.queries import ActionOutline, IndicatorOutline, LineOutline, ProgrammeOutline

blueprint = Blueprint("report_staff", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator where it stands in the programme."""

    mark: str
    action: ActionOutline
    line: LineOutline
    indicator: IndicatorOutline


def rows_of(programme: ProgrammeOutline) -> list[Row]:
    """Every indicator of a programme, in its order."""
    return [
        Row(domain.mark, action, line, indicator)
        for domain in programme.domains
        for goal in domain.goals
        for action in goal.actions
        for line in action.lines
        for indicator in line.indicators
    ]


def row_of(programme: ProgrammeOutline, slug: str) -> Row:
    """The indicator with this slug; raises NotFound."""
    found = next((row for row in rows_of(programme) if row.indicator.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def reports_for(action: ActionOutline, year: int, today: date) -> bool:
    """Whether the reader reports for an action: its organisation answers for it in that year, or does so today.

    Owners change over time: who answered at the year's end owes its figures, and whoever has taken over may help.
    """
    own = require_actor().organisations(Permission.FIGURES_REPORT)
    if own is None:
        return True
    on = (min(today, date(year, 12, 31)), today)
    return any(party.organisation_id in own for day in on for party in action.responsible(day))


def decides() -> bool:
    """Whether the reader accepts and locks figures."""
    return require_actor().can(Permission.FIGURES_DECIDE)


def require_year(programme: ProgrammeOutline, year: int) -> None:
    """Raise NotFound for a year that the programme does not have."""
    if year not in programme.years:
        raise NotFound
