"""A programme's successor, and the history of what was changed in place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from integration.kernel.database import UTCDateTime

revision = "0014_programme_changes"
down_revision = "0013_editions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the tables."""
    with op.batch_alter_table("programmes") as batch:
        batch.add_column(sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("former_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("closed_at", UTCDateTime(), nullable=True))
        batch.create_foreign_key("fk_programmes_former_id", "programmes", ["former_id"], ["id"])
    op.create_table(
        "successions",
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["former_id"], ["actions.id"], name="fk_successions_former_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_successions_action_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("former_id", "action_id", name="pk_successions"),
    )
    op.create_index("ix_successions_action_id", "successions", ["action_id"])
    op.create_table(
        "programme_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name="fk_programme_edits_programme_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_programme_edits"),
    )
    op.create_index("ix_programme_edits_row", "programme_edits", ["programme_id", "level", "row_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("programme_edits")
    op.drop_table("successions")
    with op.batch_alter_table("programmes") as batch:
        batch.drop_constraint("fk_programmes_former_id", type_="foreignkey")
        for column in ("closed_at", "former_id", "draft"):
            batch.drop_column(column)
