"""Editions: reports as they were published, and the prose that they are written from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0013_editions"
down_revision = "0012_history_import"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_texts()
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        _kind(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("data_until_at", UTCDateTime(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name="fk_editions_programme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("programme_id", "kind", "year", "number", name="uq_editions_programme_id"),
    )
    op.create_table(
        "edition_files",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_files_edition_id"),
        sa.PrimaryKeyConstraint("edition_id", "file_name", name="pk_edition_files"),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("edition_files", "editions", "report_texts"):
        op.drop_table(table)


def _make_texts() -> None:
    op.create_table(
        "report_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        _kind(),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_report_texts_programme_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["domain_id"], ["domains.id"], name="fk_report_texts_domain_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_report_texts"),
    )
    op.create_index("ix_report_texts_report", "report_texts", ["programme_id", "kind", "year"])


def _kind() -> sa.Column[object]:
    kind = sa.Enum("annual", "final", name="reportkind", native_enum=False, create_constraint=True, length=32)
    return sa.Column("kind", kind, nullable=False)
