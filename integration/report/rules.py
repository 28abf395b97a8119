"""What is said of an action's year (rule 9), as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from integration.indicators.models import Stage
from integration.indicators.rules import Figure, State
from integration.kernel.database import Texts
from integration.report.models import ActionStatus, MeterVerdict, NextStep


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of an action's year; ``merge_into`` is another action's slug."""

    status: ActionStatus | None = None
    owner_comment: Texts = field(default_factory=dict)
    effect: Texts = field(default_factory=dict)
    next_step: NextStep | None = None
    next_step_text: Texts = field(default_factory=dict)
    merge_into: str | None = None
    meter_verdict: MeterVerdict | None = None


FRAMEWORK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("markers", ("employment", "housing", "education", "health")),
    ("connections", ("social_bridges", "social_bonds", "social_links")),
    ("facilitators", ("language_and_cultural_knowledge", "safety_and_stability")),
    ("foundation", ("rights_and_citizenship",)),
)
"""The ten domains of integration from the roof to the ground (Ager & Strang, Journal of Refugee Studies 21:2, 2008).

Which of them an action serves stands in the programme file, not here.
"""
FRAMEWORK_DOMAINS = tuple(domain for _storey, domains in FRAMEWORK for domain in domains)


REMINDED_FROM, REMINDED_UNTIL = (1, 7), (3, 31)
"""Month and day between which responsible parties are reminded of the years that are over: after Epiphany, in time
for the council's spring meeting."""
BETWEEN_REMINDERS = timedelta(days=7)
SATURDAY = 5


def is_reminding_day(today: date) -> bool:
    """Whether reminders leave today: in the season, on a working day."""
    return REMINDED_FROM <= (today.month, today.day) <= REMINDED_UNTIL and today.weekday() < SATURDAY


def is_owed(figure: Figure, today: date) -> bool:
    """Whether somebody owes this figure: its year is over, and nothing or only a draft is there."""
    if figure.year >= today.year:
        return False
    draft = figure.report is not None and figure.report.stage is Stage.DRAFT and figure.report.says_something
    return figure.state is State.MISS or draft
