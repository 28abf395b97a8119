"""To be written."""

from __future__ import annotations

revision = "0005_slots_groups_series"
down_revision = "0004_waiting_list"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
