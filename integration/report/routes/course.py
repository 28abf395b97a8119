"""What stands beside a state: what it rests on, and what "on course" would keep quiet about."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from integration.indicators.rules import Figure, Square, State
from integration.programme.models import Measure
from integration.programme.queries import IndicatorOutline
from integration.report.routes.words import state_detail

PLANNED = (Measure.HELD, Measure.MONTHS, Measure.WEEKS)
"""What sessions in the calendar will add to by being held; how many come to them nobody has planned."""


def detail_of(figure: Figure, indicator: IndicatorOutline) -> str:
    """What a state rests on, and in the same breath whether the plan reaches the target."""
    return ", ".join(each for each in (state_detail(figure, indicator), plan_warning(figure, indicator)) if each)


def plan_warning(figure: Figure, indicator: IndicatorOutline) -> str:
    """On course by what is expected so far (rule 5), yet not there by the end of the year with what is planned."""
    if figure.state is not State.COURSE or figure.bounds is None or figure.value is None:
        return ""
    if indicator.measure not in PLANNED:
        return ""
    open_or_held = sum(1 for each in figure.squares if each in (Square.HELD, Square.COMING))
    if figure.squares and open_or_held < figure.bounds.lower:
        return str(_("the target is out of reach this year"))
    short = figure.bounds.lower - (figure.value if figure.planned is None else figure.planned)
    if short <= 0:
        return ""
    # NOTE: sessions, months or weeks that the target needs and that no date is set for yet: "2 of 4, 1 more to plan"
    return str(ngettext("%(num)s more to plan", "%(num)s more to plan", short))
