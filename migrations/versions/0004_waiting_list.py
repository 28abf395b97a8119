"""To be written."""

from __future__ import annotations

revision = "0004_waiting_list"
down_revision = "0003_feed_issue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
