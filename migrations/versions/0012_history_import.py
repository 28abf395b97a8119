"""Nothing: a number that was set aside for imports and stays, for installations have passed it. See 0017."""

from __future__ import annotations

revision = "0012_history_import"
down_revision = "0011_reporting_cycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
