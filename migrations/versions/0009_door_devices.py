"""Phones are paired by links that one phone may use; scans know when they happened and what a person decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_door_devices"
down_revision = "0008_messages_sms"
branch_labels = None
depends_on = None

_LIVE = sa.text("used_at IS NULL AND revoked_at IS NULL")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add links and decisions, and what devices and scans did not say before."""
    _make_links()
    _make_decisions()
    with op.batch_alter_table("door_devices") as batch:
        batch.add_column(sa.Column("link_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("handset", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("may_search", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("seen_at", _MOMENT, nullable=True))
        batch.create_unique_constraint("uq_door_devices_link_id", ["link_id"])
        batch.create_foreign_key("fk_door_devices_link_id", "door_links", ["link_id"], ["id"], ondelete="SET NULL")
        batch.create_index("ix_door_devices_handset", ["handset"])
    with op.batch_alter_table("scans") as batch:
        batch.add_column(sa.Column("age_group", sa.String(length=8), nullable=True))
        batch.add_column(sa.Column("clock_offset", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("happened_at", _MOMENT, nullable=True))
    op.execute("UPDATE scans SET happened_at = CASE WHEN flag = 'clock' THEN received_at ELSE scanned_at END")
    with op.batch_alter_table("scans") as batch:
        batch.alter_column("happened_at", nullable=False, existing_type=_MOMENT)


def downgrade() -> None:
    """Take it all away."""
    with op.batch_alter_table("scans") as batch:
        for name in ("happened_at", "clock_offset", "age_group"):
            batch.drop_column(name)
    with op.batch_alter_table("door_devices") as batch:
        batch.drop_index("ix_door_devices_handset")
        batch.drop_constraint("fk_door_devices_link_id", type_="foreignkey")
        batch.drop_constraint("uq_door_devices_link_id", type_="unique")
        for name in ("seen_at", "may_search", "handset", "link_id"):
            batch.drop_column(name)
    op.drop_table("scan_decisions")
    op.drop_table("door_links")


def _make_links() -> None:
    op.create_table(
        "door_links",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("may_search", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_door_links_session_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_door_links"),
        sa.UniqueConstraint("secret_digest", name="uq_door_links_secret_digest"),
    )
    op.create_index("ix_door_links_session_id", "door_links", ["session_id"])
    op.create_index(
        "uq_door_links_live",
        "door_links",
        ["session_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _make_decisions() -> None:
    op.create_table(
        "scan_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(length=36), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["scans.id"], name="fk_scan_decisions_scan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scan_decisions"),
    )
    op.create_index("ix_scan_decisions_scan_id", "scan_decisions", ["scan_id"])
