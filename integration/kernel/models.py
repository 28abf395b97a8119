"""Tables that belong to no feature: what this database is, and how often something was tried."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base


class Installation(Base):
    """One row: what kind of database this is. Demo data goes only into a database created as a demo."""

    __tablename__ = "installations"

    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool]
    created_at: Mapped[datetime]


class Attempt(Base):
    """How often something was tried in a window of time, shared by all workers."""

    __tablename__ = "attempts"

    purpose: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(
        sa.String(64), primary_key=True, doc="digest of an address or account, never itself"
    )
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class Version(Base):
    """A word that changes with every transaction that writes to certain tables: what was read under it is still so."""

    __tablename__ = "versions"

    name: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(32), doc="random: never the same again")
