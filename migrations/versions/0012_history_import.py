"""To be written."""

from __future__ import annotations

revision = "0012_history_import"
down_revision = "0011_reporting_cycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
