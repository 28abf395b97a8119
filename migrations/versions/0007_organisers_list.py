"""To be written."""

from __future__ import annotations

revision = "0007_organisers_list"
down_revision = "0006_households_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
