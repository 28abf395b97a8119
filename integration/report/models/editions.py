"""Editions: reports as they were published, byte for byte; and the prose that they are written from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base, word


class ReportKind(StrEnum):
    """A report of one year, or of the whole programme at its end."""

    ANNUAL = "annual"
    FINAL = "final"


class ReportText(Base):
    """One writing of the prose of a domain; the latest is shown, the earlier ones are its history."""

    __tablename__ = "report_texts"
    __table_args__ = (sa.Index("ix_report_texts_report", "programme_id", "kind", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    kind: Mapped[ReportKind] = mapped_column(word(ReportKind))
    year: Mapped[int]
    domain_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("domains.id", ondelete="CASCADE"), doc="None: the summary in front"
    )
    language: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]


class Edition(Base):
    """A report that was published: its files never change, a correction is another edition."""

    __tablename__ = "editions"
    __table_args__ = (sa.UniqueConstraint("programme_id", "kind", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"))
    kind: Mapped[ReportKind] = mapped_column(word(ReportKind))
    year: Mapped[int]
    number: Mapped[int] = mapped_column(doc="1 and up, within a programme's kind and year")
    languages: Mapped[list[str]]
    data_until_at: Mapped[datetime] = mapped_column(doc="what was known by then is in it, and nothing later")
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(sa.String(64), doc="of the list of its files with their digests")
    persons: Mapped[dict[str, Any]] = mapped_column(
        default=dict,
        doc="year > action id (0: the programme) > U as printed, null for <5: later ones may not give that away",
    )
    files: Mapped[list[EditionFile]] = relationship(order_by="EditionFile.file_name")


class EditionOrder(Base):
    """An edition that was asked for and is being made; when it is there, this row is gone. One per report at a time."""

    __tablename__ = "edition_orders"
    __table_args__ = (sa.UniqueConstraint("programme_id", "kind", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"))
    kind: Mapped[ReportKind] = mapped_column(word(ReportKind))
    year: Mapped[int]
    number: Mapped[int] = mapped_column(doc="of the edition that comes of it")
    asked_at: Mapped[datetime] = mapped_column(doc="the moment whose figures and words it holds")
    asked_by: Mapped[int | None]
    manuscript: Mapped[dict[str, Any]] = mapped_column(deferred=True, doc="what it says, read at that moment")
    persons: Mapped[dict[str, Any]] = mapped_column(doc="as in the edition")
    claimed_at: Mapped[datetime | None] = mapped_column(doc="when a worker took it up")
    attempts: Mapped[int] = mapped_column(server_default="0", doc="how often a worker took it up")
    failed_at: Mapped[datetime | None] = mapped_column(doc="when it was given up; nothing of it was published")


class EditionFile(Base):
    """One file of an edition, as it is downloaded for ever."""

    __tablename__ = "edition_files"

    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"), primary_key=True)
    file_name: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int] = mapped_column(doc="bytes")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
