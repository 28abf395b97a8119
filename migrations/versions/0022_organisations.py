"""Organisations that are out of use, and what was changed of organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0022_organisations"
down_revision = "0021_reminders_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment and the table."""
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("retired_at", UTCDateTime(), nullable=True))
    op.create_table(
        "organisation_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_organisation_edits_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_edits"),
    )
    op.create_index("ix_organisation_edits_organisation_id", "organisation_edits", ["organisation_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("organisation_edits")
    with op.batch_alter_table("organisations") as table:
        table.drop_column("retired_at")
