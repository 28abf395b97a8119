"""To be written."""

from __future__ import annotations

revision = "0014_programme_changes"
down_revision = "0013_editions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
