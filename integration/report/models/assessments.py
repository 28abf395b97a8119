"""The council's yearly assessment of each action (rule 9)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base, Texts, word


class ActionStatus(StrEnum):
    """How far an action has come."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    PAUSED = "paused"
    DROPPED = "dropped"


class NextStep(StrEnum):
    """What the council agrees on for what comes after."""

    CONTINUE = "continue"
    CHANGE = "change"
    END = "end"
    MERGE = "merge"


class MeterVerdict(StrEnum):
    """Whether the meter says what one wants to know."""

    KEEP = "keep"
    CHANGE = "change"
    DROP = "drop"


class Assessment(Base):
    """One action in one year: the owner's word, and the council's."""

    __tablename__ = "assessments"
    __table_args__ = (
        sa.UniqueConstraint("action_id", "year"),
        sa.CheckConstraint("(next_step = 'merge') = (merge_into_id IS NOT NULL)", name="merge"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("actions.id", ondelete="CASCADE"))
    year: Mapped[int]
    status: Mapped[ActionStatus | None] = mapped_column(word(ActionStatus))
    owner_comment: Mapped[Texts] = mapped_column(doc="by the responsible party")
    effect: Mapped[Texts] = mapped_column(doc="the council's assessment of what came of it")
    next_step: Mapped[NextStep | None] = mapped_column(word(NextStep))
    next_step_text: Mapped[Texts] = mapped_column(doc="what is to change, where more than a word is needed")
    merge_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actions.id"))
    meter_verdict: Mapped[MeterVerdict | None] = mapped_column(word(MeterVerdict))
    decided_at: Mapped[datetime | None] = mapped_column(doc="when the council decided; None: not yet")
    decided_by: Mapped[int | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]
