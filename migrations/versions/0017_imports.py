"""Spreadsheets of what was counted before, and their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0017_imports"
down_revision = "0016_checkin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table("imports", *_import_columns())
    op.create_index("ix_imports_programme_id", "imports", ["programme_id"])
    op.create_table("import_rows", *_row_columns())
    for name in ("subject", "session_id", "report_id"):
        op.create_index(f"ix_import_rows_{name}", "import_rows", [name])


def downgrade() -> None:
    """Take them away; what was imported stays."""
    op.drop_table("import_rows")
    op.drop_table("imports")


def _import_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        _word("contents", "contents", "sessions", "totals", nullable=True),
        _word("progress", "progress", "reading", "refused", "checked", "writing", "done", "undoing", "undone"),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("expected", "passed")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("new", "changed", "same", "wrong", "kept")),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_imports_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    ]


def _row_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _word("state", "rowstate", "new", "changed", "same", "wrong"),
        sa.Column("subject", sa.String(64), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(300), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_rows_import_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_import_rows_session_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name="fk_import_rows_report_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_import_rows"),
        sa.UniqueConstraint("import_id", "number", name="uq_import_rows_import_id"),
        sa.UniqueConstraint("import_id", "subject", name="uq_import_rows_import_id_subject"),
    ]


def _word(name: str, enum: str, *members: str, nullable: bool = False) -> sa.Column[object]:
    kind = sa.Enum(*members, name=enum, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)
