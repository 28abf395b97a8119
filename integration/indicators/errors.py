"""Why something about a figure is refused."""

from __future__ import annotations

from integration.indicators.models import Stage
from integration.indicators.rules.cycle import Step
from integration.kernel.errors import Refusal


class StepNotPossible(Refusal):
    """The figure does not stand where this step begins: another one has moved it meanwhile, or it is locked."""

    def __init__(self, step: Step, stage: Stage | None) -> None:
        super().__init__()
        self.step, self.stage = step, stage


class NothingReported(Refusal):
    """There is no number, no date and no word that none is expected: nothing that could be handed in or locked."""


class YearNotOver(Refusal):
    """A figure is final when its year is over, not before."""

    def __init__(self, year: int) -> None:
        super().__init__()
        self.year = year


class FileNotAllowed(Refusal):
    """A file of a kind, or so large, that it is not taken as evidence."""
