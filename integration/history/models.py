"""What was counted before: spreadsheets that were read, and what became of each of their rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from integration.kernel.database import Base, word


class Contents(StrEnum):
    """What a spreadsheet's rows are."""

    SESSIONS = "sessions"
    TOTALS = "totals"


class Progress(StrEnum):
    """How far an import has come. Reading, writing and undoing are done by a worker, the rest waits for a person."""

    READING = "reading"
    REFUSED = "refused"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


BUSY = (Progress.READING, Progress.WRITING, Progress.UNDOING)


class RowState(StrEnum):
    """What a row would do, or did, to what is there."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class Import(Base):
    """One spreadsheet: where its figures are from, and how far it has come."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True)
    contents: Mapped[Contents | None] = mapped_column(word(Contents), doc="told by its headings, when it is read")
    progress: Mapped[Progress] = mapped_column(word(Progress))
    file_name: Mapped[str] = mapped_column(sa.String(200), doc="as its sender's machine called it")
    sha256: Mapped[str] = mapped_column(sa.String(64), doc="of the file")
    size: Mapped[int] = mapped_column(doc="bytes")
    content: Mapped[bytes | None] = mapped_column(
        sa.LargeBinary, deferred=True, doc="the file until it is read: columns that nobody asked for are not kept"
    )
    problem: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), doc="why it was refused whole")
    expected: Mapped[int] = mapped_column(doc="rows that the running step has to go through, as far as known")
    passed: Mapped[int] = mapped_column(doc="rows that it has gone through")
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    wrong: Mapped[int]
    kept: Mapped[int] = mapped_column(doc="rows that undoing had to leave: accepted, locked or counted on since")
    preview: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True), doc="what the figures are before and after, and what is worth a look"
    )
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int]
    decided_at: Mapped[datetime | None] = mapped_column(doc="when somebody said: import")
    decided_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    claimed_at: Mapped[datetime | None] = mapped_column(doc="when a worker last said that it is at it")
    attempts: Mapped[int] = mapped_column(doc="how often a worker began the running step")


class ImportRow(Base):
    """One row of a spreadsheet: as it was understood, what it did, and the session or report that it became."""

    __tablename__ = "import_rows"
    __table_args__ = (
        sa.UniqueConstraint("import_id", "number"),
        sa.UniqueConstraint("import_id", "subject", name="uq_import_rows_import_id_subject"),
        sa.Index("ix_import_rows_subject", "subject"),
        sa.Index("ix_import_rows_session_id", "session_id"),
        sa.Index("ix_import_rows_report_id", "report_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(doc="the row's number in the spreadsheet, as Excel shows it")
    state: Mapped[RowState] = mapped_column(word(RowState))
    subject: Mapped[str | None] = mapped_column(
        sa.String(64), doc="digest of what the row is about; the same in every file that speaks of it"
    )
    facts: Mapped[dict[str, Any]] = mapped_column(doc="what it says, in one spelling; of a wrong row the problems")
    source: Mapped[str | None] = mapped_column(sa.String(300), doc="where its figure is from, as the spreadsheet says")
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sessions.id", ondelete="SET NULL"))
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id", ondelete="SET NULL"))
    written: Mapped[bool] = mapped_column(doc="it has been imported")
    live: Mapped[bool] = mapped_column(doc="it is what holds: no later import has spoken of the same")
