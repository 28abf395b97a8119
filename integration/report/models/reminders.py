"""When a member of staff was last reminded of figures that are owed, and whether they want to be."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class OwnerReminder(Base):
    """One row per account that was reminded or has stopped its reminders."""

    __tablename__ = "owner_reminders"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(server_default=sa.true(), doc="False: its owner has stopped the reminders")
    told: Mapped[str | None] = mapped_column(
        sa.String(64), doc="digest of what was owed when last told: the same is asked again later, and not for ever"
    )
    rows: Mapped[int] = mapped_column(server_default="0", doc="how many figures were owed then")
    told_at: Mapped[datetime | None]
    times: Mapped[int] = mapped_column(server_default="0", doc="how often the same was told in that season")
