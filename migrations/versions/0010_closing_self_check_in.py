"""To be written."""

from __future__ import annotations

revision = "0010_closing_self_check_in"
down_revision = "0009_door_devices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
