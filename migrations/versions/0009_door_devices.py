"""To be written."""

from __future__ import annotations

revision = "0009_door_devices"
down_revision = "0008_messages_sms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
