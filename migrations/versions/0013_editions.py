"""To be written."""

from __future__ import annotations

revision = "0013_editions"
down_revision = "0012_history_import"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
