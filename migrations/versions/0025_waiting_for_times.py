"""Those who wait for an individual time: in which language, and the time that is kept while it is offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_waiting_for_times"
down_revision = "0024_settled_figures"
branch_labels = None
depends_on = None

OFFERED = sa.text("state = 'offered'")


def upgrade() -> None:
    """Add the columns; written out, for SQLite would make the tables anew and lose their checks."""
    op.execute(
        "ALTER TABLE waiting_entries ADD COLUMN slot_id INTEGER"
        " CONSTRAINT fk_waiting_entries_slot_id REFERENCES slots (id)"
        " CONSTRAINT ck_waiting_entries_slot CHECK (slot_id IS NULL OR state = 'offered')"
    )
    op.create_index(
        "uq_waiting_entries_slot",
        "waiting_entries",
        ["slot_id"],
        unique=True,
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    for table in ("waiting_entries", "held_sign_ups"):
        op.add_column(table, sa.Column("slot_language", sa.String(8), nullable=True))


def downgrade() -> None:
    """Take them away."""
    for table in ("held_sign_ups", "waiting_entries"):
        op.drop_column(table, "slot_language")
    op.drop_index("uq_waiting_entries_slot", "waiting_entries")
    op.drop_column("waiting_entries", "slot_id")
