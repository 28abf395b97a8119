"""What staff write to those who come to a session."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base, Texts


class StaffMessage(Base):
    """The words of one message to many, by language; the outbox holds its id, for it holds no words itself."""

    __tablename__ = "staff_messages"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, doc="random")
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    texts: Mapped[Texts] = mapped_column(doc="what staff wrote, by language")
    account_id: Mapped[int] = mapped_column(doc="who wrote it; no foreign key: accounts are deleted")
    created_at: Mapped[datetime] = mapped_column(index=True)
