"""Cards from a desk: printed together, before anybody's name is known; two cards of one household become one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_households_desk"
down_revision = "0005_slots_groups_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; one with a foreign key is added in one statement, which SQLite does without a copy."""
    op.add_column("households", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cards", sa.Column("batch", sa.BigInteger(), nullable=True))
    op.create_index("ix_cards_batch", "cards", ["batch"])
    op.execute("ALTER TABLE cards ADD COLUMN merged_into BIGINT CONSTRAINT fk_cards_merged_into REFERENCES cards (id)")
    op.create_index("ix_cards_merged_into", "cards", ["merged_into"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_cards_merged_into", "cards")
    op.drop_column("cards", "merged_into")
    op.drop_index("ix_cards_batch", "cards")
    op.drop_column("cards", "batch")
    op.drop_column("households", "told_at")
