"""What is said of an indicator in a year beside what sessions tell: reports, evidence, and years that are over."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from integration.kernel.database import Base, word


class Stage(StrEnum):
    """How far a year's figure has come (rule 8): each step has its own permission, and nobody skips one."""

    DRAFT = "draft"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    LOCKED = "locked"


class Provenance(StrEnum):
    """Where a figure is from (rule 7)."""

    COMPUTED = "computed"
    REPORTED = "reported"
    IMPORTED = "imported"
    EXTERNAL = "external"


class HiddenAs(StrEnum):
    """Why a number is not printed (rule 10)."""

    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"


class Report(Base):
    """One revision of what is said of one indicator in one year. The newest revision is the one that holds.

    A locked one never changes: reopening it opens the next revision, with a reason.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.UniqueConstraint("indicator_id", "year", "revision"),
        sa.CheckConstraint("numerator IS NULL OR denominator >= numerator", name="share"),
        sa.CheckConstraint("applies OR (value IS NULL AND reached_on IS NULL)", name="applies"),
        sa.CheckConstraint("revision = 1 OR reason IS NOT NULL", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicators.id", ondelete="CASCADE"))
    year: Mapped[int]
    revision: Mapped[int] = mapped_column(doc="1, 2, ...; a reopened figure is a new revision")
    stage: Mapped[Stage] = mapped_column(word(Stage))
    provenance: Mapped[Provenance] = mapped_column(word(Provenance))
    applies: Mapped[bool] = mapped_column(doc="False: the meter does not apply in this year (rule 4)")
    value: Mapped[int | None] = mapped_column(sa.BigInteger, doc="in the indicator's unit; of a share the percent")
    numerator: Mapped[int | None] = mapped_column(sa.BigInteger, doc="of a share: how many ...")
    denominator: Mapped[int | None] = mapped_column(sa.BigInteger, doc="... of how many")
    reached_on: Mapped[date | None] = mapped_column(doc="of a milestone")
    link: Mapped[str | None] = mapped_column(sa.String(500), doc="evidence, or the statistics' own page")
    comment: Mapped[str | None] = mapped_column(sa.String(2000), doc="what the responsible party says about it")
    personal: Mapped[bool] = mapped_column(
        server_default=sa.false(), doc="of persons or sensitive sessions: printed as <5 when small (rule 10)"
    )
    hidden: Mapped[HiddenAs | None] = mapped_column(
        word(HiddenAs),
        doc="of a computed figure, when it was locked: why it was not printed then, and never is; NULL: it was printed",
    )
    formula_version: Mapped[int | None] = mapped_column(doc="of a computed figure, when it was locked")
    cut_off_at: Mapped[datetime | None] = mapped_column(doc="what came in later is not in a locked figure")
    reason: Mapped[str | None] = mapped_column(sa.String(500), doc="why it was opened again")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(doc="account; None: an import")
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[int | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None]
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[int | None]
    evidence: Mapped[list[Evidence]] = relationship(cascade="all, delete-orphan", order_by="Evidence.id")


class Evidence(Base):
    """A file that shows that a report is true: minutes, a plan, a decision. Never a list of people."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200), doc="the file's own name")
    media_type: Mapped[str] = mapped_column(sa.String(100), doc="one of those that may be attached")
    size: Mapped[int] = mapped_column(doc="bytes")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int]


class ClosedYear(Base):
    """A programme's year of which every figure is final: its visitor keys are cleared, and U is what it was."""

    __tablename__ = "closed_years"

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    in_time: Mapped[bool] = mapped_column(doc="False: 18 months had gone and not every figure was locked")
