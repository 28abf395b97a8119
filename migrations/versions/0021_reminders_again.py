"""How often an owner was told of the same figures that are owed: what nobody answers is asked again, but not for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_reminders_again"
down_revision = "0020_edition_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number; whoever has been told was told once."""
    with op.batch_alter_table("owner_reminders") as table:
        table.add_column(sa.Column("times", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE owner_reminders SET times = 1 WHERE told_at IS NOT NULL")


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("owner_reminders") as table:
        table.drop_column("times")
