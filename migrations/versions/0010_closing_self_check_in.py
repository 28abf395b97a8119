"""People mark themselves with the code of a session, and sheets are typed in: two more kinds of scans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_closing_self_check_in"
down_revision = "0009_door_devices"
branch_labels = None
depends_on = None

_LIVE = sa.text("revoked_at IS NULL")
_MOMENT = sa.DateTime(timezone=True)
_BEFORE = ("card", "walk_in", "headcount", "undo")
_ALL = (*_BEFORE, "self_marked", "listed")


def upgrade() -> None:
    """Add the codes, and let scans be of the new kinds."""
    op.create_table(
        "self_check_in_codes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_self_check_in_codes_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_self_check_in_codes"),
        sa.UniqueConstraint("secret_digest", name="uq_self_check_in_codes_secret_digest"),
    )
    op.create_index("ix_self_check_in_codes_session_id", "self_check_in_codes", ["session_id"])
    op.create_index(
        "uq_self_check_in_codes_live",
        "self_check_in_codes",
        ["session_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    _allow(_ALL)


def downgrade() -> None:
    """Take both away; there is no place for scans of the new kinds any more, what they counted stays."""
    kinds = ", ".join(f"'{each}'" for each in _ALL[len(_BEFORE) :])
    op.execute(f"UPDATE scans SET kind = 'walk_in' WHERE kind IN ({kinds})")  # noqa: S608 - words of this file
    _allow(_BEFORE)
    op.drop_table("self_check_in_codes")


def _allow(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_scans_scankind")
    with op.batch_alter_table("scans") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.column("kind").in_(kinds))
