"""What is said of an action's year (rule 9), as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

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
"""When what is owed has changed since the last letter."""
ASKED_AGAIN_AFTER = timedelta(days=21)
"""When it has not."""
MOST_TIMES = 3
"""How often the same is asked in one season; after that a person has to."""
SATURDAY = 5


def is_reminding_day(today: date) -> bool:
    """Whether reminders leave today: in the season, on a working day."""
    return REMINDED_FROM <= (today.month, today.day) <= REMINDED_UNTIL and today.weekday() < SATURDAY


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was last told: a digest of what was owed, when, and how often the same."""

    state: str | None = None
    at: datetime | None = None
    times: int = 0

    def again(self, state: str, now: datetime) -> int | None:
        """The how manieth time it would be to tell this now; None: not now.

        A season lies within one year. A new one asks the same anew.
        """
        if self.at is None:
            return 1
        same = state == self.state
        if now - self.at < (ASKED_AGAIN_AFTER if same else BETWEEN_REMINDERS):
            return None
        times = self.times + 1 if same and self.at.year == now.year else 1
        return times if times <= MOST_TIMES else None


def is_owed(figure: Figure, today: date) -> bool:
    """Whether somebody owes this figure: its year is over, and nothing or only a draft is there."""
    if figure.year >= today.year:
        return False
    draft = figure.report is not None and figure.report.stage is Stage.DRAFT and figure.report.says_something
    return figure.state is State.MISS or draft
