"""Held sign-ups keep the individual time that was chosen, and the order in which they were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_registration"
down_revision = "0014_programme_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("held_sign_ups") as batch:
        batch.add_column(sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("slot_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_held_sign_ups_slot_id_slots", "slots", ["slot_id"], ["id"], ondelete="SET NULL")
        batch.create_index("ix_held_sign_ups_slot_id", ["slot_id"])
    with op.batch_alter_table("sign_up_origins") as batch:
        batch.add_column(sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("sign_up_origins") as batch:
        batch.drop_column("turn")
    with op.batch_alter_table("held_sign_ups") as batch:
        batch.drop_index("ix_held_sign_ups_slot_id")
        batch.drop_constraint("fk_held_sign_ups_slot_id_slots", type_="foreignkey")
        batch.drop_column("slot_id")
        batch.drop_column("turn")
