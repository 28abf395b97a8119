"""The queue of a session that is full: who waits, and how many entries keep free places from passers-by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_waiting_list"
down_revision = "0003_feed_issue"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'offered')")


def upgrade() -> None:
    """Add the counter, which SQLite does without copying the table, and the table of entries."""
    op.execute(
        "ALTER TABLE session_places ADD COLUMN waiting INTEGER DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_session_places_waiting CHECK (waiting >= 0)"
    )
    _make_entries()
    op.create_index(
        "uq_waiting_entries_open",
        "waiting_entries",
        ["session_id", "household_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    for column in ("household_id", "registration_id", "offer_expires_at"):
        op.create_index(f"ix_waiting_entries_{column}", "waiting_entries", [column])


def downgrade() -> None:
    """Take both away."""
    op.drop_table("waiting_entries")
    with op.batch_alter_table("session_places") as batch:
        batch.drop_constraint("waiting", type_="check")
        batch.drop_column("waiting")


def _make_entries() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=True),
        sa.Column("is_increase", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("children_0_6", sa.Integer(), nullable=False),
        sa.Column("children_7_12", sa.Integer(), nullable=False),
        sa.Column("children_13_17", sa.Integer(), nullable=False),
        sa.Column("help", sa.String(length=500), nullable=True),
        sa.Column("form_digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_waiting_entries_session_id"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_waiting_entries_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_waiting_entries_registration_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_entries"),
        sa.UniqueConstraint("session_id", "turn", name="uq_waiting_entries_session_id"),
        sa.UniqueConstraint("form_digest", name="uq_waiting_entries_form_digest"),
    )


def _checks() -> list[sa.CheckConstraint]:
    checks = {
        "people": "adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12",
        "age_groups": "children_0_6 + children_7_12 + children_13_17 IN (0, children)",
        "places": "places BETWEEN 1 AND adults + children",
        "offer": "(state = 'offered') <= (offer_expires_at IS NOT NULL)",
        "closed": "(state IN ('waiting', 'offered')) = (closed_at IS NULL)",
        "waitingstate": "state IN ('waiting', 'offered', 'taken', 'left', 'expired', 'void')",
    }
    return [sa.CheckConstraint(condition, name=name) for name, condition in checks.items()]
