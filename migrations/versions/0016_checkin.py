"""A household that marks itself with its card is the same people as doors saw of the card: the larger count holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_checkin"
down_revision = "0015_registration"
branch_labels = None
depends_on = None

_IN_PLACES = (
    "CASE WHEN arrived_adults < ((places_adults + places_children) - CASE WHEN arrived_children < places_children"
    " THEN arrived_children ELSE places_children END) THEN arrived_adults ELSE ((places_adults + places_children)"
    " - CASE WHEN arrived_children < places_children THEN arrived_children ELSE places_children END) END"
)
_ALL_IN_PLACES = (
    "CASE WHEN (arrived_adults + arrived_children) < (places_adults + places_children)"
    " THEN (arrived_adults + arrived_children) ELSE (places_adults + places_children) END"
)
_DOOR_ADULTS = (
    "beyond_adults + CASE WHEN places_adults IS NULL THEN arrived_adults + CASE WHEN whole > 0 THEN 1 ELSE 0 END"
    f" WHEN whole > 0 THEN places_adults ELSE {_IN_PLACES} END"
)
_DOOR_CHILDREN = (
    "beyond_children + CASE WHEN places_adults IS NULL THEN arrived_children WHEN whole > 0 THEN places_children"
    f" ELSE ({_ALL_IN_PLACES}) - ({_IN_PLACES}) END"
)
_THEY_SAID_MORE = f"marked_adults + marked_children > ({_DOOR_ADULTS}) + ({_DOOR_CHILDREN})"
_BOTH = (
    f"CASE WHEN {_THEY_SAID_MORE} THEN marked_adults ELSE {_DOOR_ADULTS} END",
    f"CASE WHEN {_THEY_SAID_MORE} THEN marked_children ELSE {_DOOR_CHILDREN} END",
)
_MARKED = ("marked_adults", "marked_children")
_KEPT = (
    "id, session_id, visitor_key, scan_id, source, places_adults, places_children, whole, arrived_adults,"
    " arrived_children, beyond_adults, beyond_children, first_at"
)


def upgrade() -> None:
    """Keep what households say of themselves, and count the larger of it and of what doors saw."""
    if op.get_bind().dialect.name == "sqlite":
        _write_anew(_marked(), _BOTH)
        return
    for name in ("adults", "children"):
        op.drop_column("attendance", name)
    for column in (*_marked(), *_counted(_BOTH)):
        op.add_column("attendance", column)


def downgrade() -> None:
    """Count what doors saw."""
    if op.get_bind().dialect.name == "sqlite":
        _write_anew((), (_DOOR_ADULTS, _DOOR_CHILDREN))
        return
    for name in ("adults", "children", *_MARKED):
        op.drop_column("attendance", name)
    for column in _counted((_DOOR_ADULTS, _DOOR_CHILDREN)):
        op.add_column("attendance", column)


def _marked() -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in _MARKED)


def _counted(expressions: tuple[str, str]) -> tuple[sa.Column[int], ...]:
    return tuple(
        sa.Column(name, sa.Integer(), sa.Computed(expression, persisted=True), nullable=False)
        for name, expression in zip(("adults", "children"), expressions, strict=True)
    )


def _write_anew(marked: tuple[sa.Column[int], ...], expressions: tuple[str, str]) -> None:
    """SQLite adds no computed column to a table that has rows."""
    words = ("scanned", "listed", "walk_in", "self_marked", "headcount", "imported")
    source = sa.Enum(*words, name="source", native_enum=False, length=32)
    op.create_table(
        "attendance_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("visitor_key", sa.String(length=32), nullable=True),
        sa.Column("scan_id", sa.String(length=36), nullable=True),
        sa.Column("source", source, nullable=False),
        sa.Column("places_adults", sa.Integer(), nullable=True),
        sa.Column("places_children", sa.Integer(), nullable=True),
        sa.Column("whole", sa.Integer(), server_default="0", nullable=False),
        *(sa.Column(f"{what}_{who}", sa.Integer(), nullable=False) for what, who in _SUMS),
        *marked,
        *_counted(expressions),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"source IN {words}", name=op.f("ck_attendance_source")),
        sa.CheckConstraint("(visitor_key IS NULL) <> (scan_id IS NULL)", name=op.f("ck_attendance_origin")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_attendance_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
        sa.UniqueConstraint("scan_id", name="uq_attendance_scan_id"),
        sa.UniqueConstraint("session_id", "visitor_key", name="uq_attendance_session_id"),
    )
    op.execute(f"INSERT INTO attendance_anew ({_KEPT}) SELECT {_KEPT} FROM attendance")  # noqa: S608  # our own names
    op.drop_table("attendance")
    op.rename_table("attendance_anew", "attendance")
    op.create_index("ix_attendance_visitor_key", "attendance", ["visitor_key"])


_SUMS = (("arrived", "adults"), ("arrived", "children"), ("beyond", "adults"), ("beyond", "children"))
