"""The way of a figure through a year's reporting (rule 8): draft > reported > accepted > locked, and back by reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from integration.indicators.models import Provenance, Stage
from integration.indicators.rules.small_figures import Standing

FORMULA_VERSION = 1
"""Raised when a rule of counting changes; a locked figure says by which version it was counted."""
KEYS_LAST_MONTHS = 18
"""Visitor keys go so many months after their year's end at the latest, locked or not."""


class Step(StrEnum):
    """What may be done with a figure of a year."""

    SAVE = "save"
    REPORT = "report"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    LOCK = "lock"
    REOPEN = "reopen"


STEPS: dict[Step, tuple[frozenset[Stage | None], Stage]] = {
    Step.SAVE: (frozenset({None, Stage.DRAFT}), Stage.DRAFT),
    Step.REPORT: (frozenset({None, Stage.DRAFT, Stage.REPORTED}), Stage.REPORTED),
    Step.SEND_BACK: (frozenset({Stage.REPORTED, Stage.ACCEPTED}), Stage.DRAFT),
    Step.ACCEPT: (frozenset({Stage.REPORTED}), Stage.ACCEPTED),
    Step.LOCK: (frozenset({Stage.ACCEPTED}), Stage.LOCKED),
    Step.REOPEN: (frozenset({Stage.LOCKED}), Stage.DRAFT),
}
"""Step > the stages from which it may be taken (None: nothing is there yet), and the one it leads to."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report says, as figures need it."""

    id: int
    revision: int
    stage: Stage
    provenance: Provenance
    applies: bool
    value: int | None
    part: int | None
    """Of a share: how many ..."""
    of: int | None
    """... of how many."""
    reached_on: date | None
    link: str | None
    comment: str | None
    personal: bool
    cut_off_on: date | None
    hidden: Standing | None = None
    """Why a computed figure was not printed when it was locked."""

    @property
    def locked(self) -> bool:
        """Whether it is final."""
        return self.stage is Stage.LOCKED

    @property
    def says_something(self) -> bool:
        """Whether there is a number, a date, or the word that none is expected (rule 4)."""
        return not self.applies or self.value is not None or self.reached_on is not None


@dataclass(frozen=True, slots=True)
class Said:
    """What the responsible party says of a year; ``applies`` False: no figure is expected in it (rule 4)."""

    applies: bool = True
    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    reached_on: date | None = None
    link: str | None = None
    comment: str | None = None

    @property
    def is_something(self) -> bool:
        """Whether there is something to hand in: a number, a share, a date, or that none is expected."""
        return not self.applies or self.value is not None or self.numerator is not None or self.reached_on is not None


def may(step: Step, stage: Stage | None) -> bool:
    """Whether the step can be taken from this stage; nobody skips one."""
    return stage in STEPS[step][0]


def keys_end_on(year: int) -> date:
    """The day by which a year's visitor keys are gone: 18 months after its end."""
    return date(year + 2, 7, 1)
