"""To be written."""

from __future__ import annotations

revision = "0008_messages_sms"
down_revision = "0007_organisers_list"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
