"""When owners were last reminded of figures that are owed, and who has stopped the reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0019_reminders"
down_revision = "0018_small_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "owner_reminders",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("told", sa.String(64), nullable=True),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_owner_reminders_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_owner_reminders"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("owner_reminders")
