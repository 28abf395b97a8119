"""What is said of an action's year (rule 9), as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

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
