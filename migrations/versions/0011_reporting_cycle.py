"""What is reported beside what sessions tell: reports with evidence, closed years, yearly assessments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0011_reporting_cycle"
down_revision = "0010_closing_self_check_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table("reports", *_report_columns(), *_report_constraints())
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_evidence_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_report_id", "evidence", ["report_id"])
    op.create_table(
        "closed_years",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_closed_years_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", "year", name="pk_closed_years"),
    )
    op.create_table("assessments", *_assessment_columns(), *_assessment_constraints())


def downgrade() -> None:
    """Take them away."""
    for table in ("assessments", "closed_years", "evidence", "reports"):
        op.drop_table(table)


def _report_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _word("stage", "draft", "reported", "accepted", "locked", nullable=False),
        _word("provenance", "computed", "reported", "imported", "external", nullable=False),
        sa.Column("applies", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("value", "numerator", "denominator")),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("link", sa.String(500), nullable=True),
        sa.Column("comment", sa.String(2000), nullable=True),
        sa.Column("personal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("formula_version", sa.Integer(), nullable=True),
        sa.Column("cut_off_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        *(
            column
            for step in ("reported", "accepted", "locked")
            for column in (
                sa.Column(f"{step}_at", UTCDateTime(), nullable=True),
                sa.Column(f"{step}_by", sa.Integer(), nullable=True),
            )
        ),
    ]


def _report_constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("numerator IS NULL OR denominator >= numerator", name="share"),
        sa.CheckConstraint("applies OR (value IS NULL AND reached_on IS NULL)", name="applies"),
        sa.CheckConstraint("revision = 1 OR reason IS NOT NULL", name="reason"),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name="fk_reports_indicator_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("indicator_id", "year", "revision", name="uq_reports_indicator_id"),
    ]


def _assessment_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _word("status", "not_begun", "under_way", "done", "paused", "dropped", enum="actionstatus"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("owner_comment", "effect")),
        _word("next_step", "continue", "change", "end", "merge", enum="nextstep"),
        sa.Column("next_step_text", sa.JSON(), nullable=False),
        sa.Column("merge_into_id", sa.Integer(), nullable=True),
        _word("meter_verdict", "keep", "change", "drop", enum="meterverdict"),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
    ]


def _assessment_constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("(next_step = 'merge') = (merge_into_id IS NOT NULL)", name="merge"),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_assessments_action_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["merge_into_id"], ["actions.id"], name="fk_assessments_merge_into_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
        sa.UniqueConstraint("action_id", "year", name="uq_assessments_action_id"),
    ]


def _word(name: str, *members: str, enum: str = "", nullable: bool = True) -> sa.Column[object]:
    kind = sa.Enum(*members, name=enum or name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)
