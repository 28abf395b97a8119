"""Floods of sign-ups are held apart; where sign-ups came from, for a day; phones that two households share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_organisers_list"
down_revision = "0006_households_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    _make_origins()
    op.create_table(
        "holds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_network", "holds", ["network"])
    _make_held()
    op.create_table(
        "shared_phones",
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_shared_phones_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["households.id"], name="fk_shared_phones_other_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("household_id", "other_id", name="pk_shared_phones"),
    )
    op.create_index("ix_shared_phones_other_id", "shared_phones", ["other_id"])


def downgrade() -> None:
    """Take them away; what was held is gone, and so are its households' only sign-ups."""
    for table in ("shared_phones", "held_sign_ups", "holds", "sign_up_origins"):
        op.drop_table(table)


def _make_origins() -> None:
    op.create_table(
        "sign_up_origins",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_sign_up_origins_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_sign_up_origins_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_up_origins"),
    )
    op.create_index("ix_sign_up_origins_network_at", "sign_up_origins", ["network", "at"])
    op.create_index("ix_sign_up_origins_at", "sign_up_origins", ["at"])
    op.create_index("ix_sign_up_origins_household_id", "sign_up_origins", ["household_id"])


def _make_held() -> None:
    counts = ("adults", "children", "children_0_6", "children_7_12", "children_13_17")
    op.create_table(
        "held_sign_ups",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("help", sa.String(length=500), nullable=True),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "adults >= 0 AND children >= 0 AND adults + children BETWEEN 1 AND 12",
            name=op.f("ck_held_sign_ups_people"),
        ),
        sa.CheckConstraint(
            "children_0_6 + children_7_12 + children_13_17 IN (0, children)",
            name=op.f("ck_held_sign_ups_age_groups"),
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_held_sign_ups_hold_id"),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_held_sign_ups_household_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_held_sign_ups_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_held_sign_ups"),
        sa.UniqueConstraint("form_digest", name="uq_held_sign_ups_form_digest"),
        sa.UniqueConstraint("session_id", "household_id", name="uq_held_sign_ups_session_id"),
    )
    op.create_index("ix_held_sign_ups_hold_id", "held_sign_ups", ["hold_id"])
    op.create_index("ix_held_sign_ups_household_id", "held_sign_ups", ["household_id"])
