"""To be written."""

from __future__ import annotations

revision = "0006_households_desk"
down_revision = "0005_slots_groups_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
