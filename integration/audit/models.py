"""The audit trail: append-only, ids only, never a name or a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class AuditEntry(Base):
    """Who did what to which row, and when."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(
        doc="the person's account; None for a job; no foreign key: entries outlive accounts"
    )
    action: Mapped[str] = mapped_column(sa.String(64), doc="feature.verb, from the enum in services")
    subject: Mapped[str] = mapped_column(sa.String(32), doc="kind of row")
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(doc="numbers, dates and ids that the action changed")
