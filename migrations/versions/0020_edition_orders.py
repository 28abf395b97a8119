"""Editions that were asked for and are being made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0020_edition_orders"
down_revision = "0019_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    kind = sa.Enum("annual", "final", name="reportkind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "edition_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("manuscript", sa.JSON(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_edition_orders_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_edition_orders"),
        sa.UniqueConstraint("programme_id", "kind", "year", name="uq_edition_orders_programme_id"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("edition_orders")
