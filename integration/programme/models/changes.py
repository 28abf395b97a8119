"""What became of actions in a successor, and how a programme was changed while it ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class Succession(Base):
    """An action goes on as another one in the successor; several may go on as one (merged).

    Their meters are followed by their slugs, which stay.
    """

    __tablename__ = "successions"

    former_id: Mapped[int] = mapped_column(sa.ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True)
    action_id: Mapped[int] = mapped_column(
        sa.ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Edit(Base):
    """One change made to a row of a programme in place: what it said before, and who changed it when. Append-only."""

    __tablename__ = "programme_edits"
    __table_args__ = (sa.Index("ix_programme_edits_row", "programme_id", "level", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    level: Mapped[str] = mapped_column(sa.String(16), doc="programme, domain, goal, action, line or indicator")
    row_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(doc="the columns that changed, as they were; empty: it was added")
    after: Mapped[dict[str, Any]] = mapped_column(doc="the same columns, as they are since")
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(doc="no foreign key: the history outlives accounts")
