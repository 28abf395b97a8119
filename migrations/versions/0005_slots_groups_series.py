"""Individual times, series of dates, groups that come with a number, and stands at fairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_slots_groups_series"
down_revision = "0004_waiting_list"
branch_labels = None
depends_on = None

LIVE = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    """Make the tables, then the columns that point at them."""
    op.add_column("activities", sa.Column("series", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("slot_minutes", sa.Integer(), nullable=True))
    _make_slots()
    _make_series()
    _make_groups()
    _make_stands()
    _point("registrations", "slot_id", "INTEGER", "slots")
    op.create_index(
        "uq_registrations_slot",
        "registrations",
        ["slot_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    _point("registrations", "series_id", "BIGINT", "series")
    op.create_index("ix_registrations_series_id", "registrations", ["series_id"])
    _point("waiting_entries", "series_id", "BIGINT", "series")
    op.create_index("ix_waiting_entries_series_id", "waiting_entries", ["series_id"])


def downgrade() -> None:
    """Take all of it away."""
    op.drop_index("ix_waiting_entries_series_id", "waiting_entries")
    op.drop_column("waiting_entries", "series_id")
    op.drop_index("ix_registrations_series_id", "registrations")
    op.drop_index("uq_registrations_slot", "registrations")
    op.drop_column("registrations", "series_id")
    op.drop_column("registrations", "slot_id")
    for table in ("stands", "group_registrations", "series", "slots"):
        op.drop_table(table)
    op.drop_column("sessions", "slot_minutes")
    op.drop_column("activities", "series")


def _point(table: str, column: str, kind: str, target: str) -> None:
    """Add a column with a foreign key in one statement, which SQLite does without copying the table."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    )


def _make_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desk", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="times"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_slots_session_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("session_id", "desk", "starts_at", name="uq_slots_session_id"),
    )


def _make_series() -> None:
    ages = ("children_0_6", "children_7_12", "children_13_17")
    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("adults", "children", *ages)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12", name="people"),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name="fk_series_household_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name="fk_series_activity_id"),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
    )
    op.create_index("ix_series_activity_id", "series", ["activity_id"])
    open_ended = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_series_live",
        "series",
        ["household_id", "activity_id"],
        unique=True,
        sqlite_where=open_ended,
        postgresql_where=open_ended,
    )


def _make_groups() -> None:
    op.create_table(
        "group_registrations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("help", sa.String(length=500), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("adults >= 0 AND children >= 0 AND adults + children >= 1", name="people"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_group_registrations_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_group_registrations"),
        sa.UniqueConstraint("form_digest", name="uq_group_registrations_form_digest"),
    )
    op.create_index("ix_group_registrations_session_id", "group_registrations", ["session_id"])


def _make_stands() -> None:
    op.create_table(
        "stands",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=True),
        sa.Column("contact_role", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("needs", sa.String(length=500), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'confirmed', 'declined')", name="standstate"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_stands_organisation_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_stands_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stands"),
        sa.UniqueConstraint("form_digest", name="uq_stands_form_digest"),
    )
    op.create_index("ix_stands_session_id", "stands", ["session_id"])
