"""What folded sessions have that is told apart, folded too; and versions of what tables hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024_settled_figures"
down_revision = "0023_locked_as_printed"
branch_labels = None
depends_on = None

_KINDS = (
    *("cafe", "clinic", "fair", "training", "visit", "excursion", "school_visit", "meeting", "webinar"),
    *("course", "info"),
)
_AUDIENCES = ("residents", "families", "children", "youth", "staff", "authorities")
_MARKS = """
INSERT INTO folded_marks (programme_id, action_id, year, kind, audience, sensitive, mark, value)
SELECT v.programme_id, v.action_id, v.year, f.kind, f.audience, f.sensitive,
       CASE WHEN f.held THEN 'held' ELSE 'missed' END, CAST(f.part_on AS VARCHAR(120))
FROM folded_servings v JOIN folded_sessions f ON f.session_id = v.session_id
UNION
SELECT v.programme_id, v.action_id, v.year, f.kind, f.audience, f.sensitive, 'group', f.group_name
FROM folded_servings v JOIN folded_sessions f ON f.session_id = v.session_id
WHERE f.held AND f.group_name <> ''
UNION
SELECT v.programme_id, v.action_id, v.year, f.kind, f.audience, f.sensitive, 'partner',
       CAST(p.organisation_id AS VARCHAR(120))
FROM folded_servings v JOIN folded_sessions f ON f.session_id = v.session_id
JOIN session_partners p ON p.session_id = f.session_id
WHERE f.held AND p.present
"""

_VISITORS = """
INSERT INTO folded_visitors (programme_id, action_id, year, visitor_key, adults, children, adults_now, children_now)
SELECT v.programme_id, v.action_id, v.year, a.visitor_key, 0, 0, MAX(a.adults), MAX(a.children)
FROM folded_servings v JOIN folded_sessions f ON f.session_id = v.session_id
JOIN attendance a ON a.session_id = f.session_id
WHERE f.held AND NOT f.visitors_folded AND a.visitor_key IS NOT NULL AND a.adults + a.children > 0
  AND NOT EXISTS (SELECT 1 FROM closed_years c WHERE c.programme_id = v.programme_id AND c.year = v.year)
GROUP BY v.programme_id, v.action_id, v.year, a.visitor_key
ON CONFLICT (programme_id, action_id, year, visitor_key) DO UPDATE SET
  adults_now = CASE WHEN excluded.adults_now > folded_visitors.adults_now
                    THEN excluded.adults_now ELSE folded_visitors.adults_now END,
  children_now = CASE WHEN excluded.children_now > folded_visitors.children_now
                      THEN excluded.children_now ELSE folded_visitors.children_now END
"""
_PERSONS = """
INSERT INTO folded_persons (programme_id, action_id, year, adults, children, adults_now, children_now)
SELECT v.programme_id, v.action_id, v.year, SUM(v.adults), SUM(v.children), SUM(v.adults_now), SUM(v.children_now)
FROM folded_visitors v
WHERE NOT EXISTS (SELECT 1 FROM closed_years c WHERE c.programme_id = v.programme_id AND c.year = v.year)
GROUP BY v.programme_id, v.action_id, v.year
ON CONFLICT (programme_id, action_id, year) DO UPDATE SET
  adults_now = excluded.adults_now, children_now = excluded.children_now
"""
_SETS = ("folded_visitors", "folded_persons")


def upgrade() -> None:
    """Make the tables, and the marks of what is folded already."""
    op.create_table(
        "versions",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_versions"),
    )
    op.create_table(
        "folded_marks",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", _word("sessionkind", *_KINDS), nullable=False),
        sa.Column("audience", _word("audience", *_AUDIENCES), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("mark", _word("markkind", "held", "missed", "group", "partner"), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint(
            *("programme_id", "action_id", "year", "kind", "audience", "sensitive", "mark", "value"),
            name="pk_folded_marks",
        ),
    )
    op.add_column("folded_sessions", sa.Column("part_on", sa.Date(), nullable=True))
    _tell_parts()
    with op.batch_alter_table("folded_sessions") as batch:
        batch.alter_column("part_on", existing_type=sa.Date(), nullable=False)
    op.execute(_MARKS)
    _tell_sets()


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("folded_sessions") as batch:
        batch.drop_column("part_on")
    op.execute("DELETE FROM folded_visitors WHERE adults + children = 0")
    op.execute("DELETE FROM folded_persons WHERE adults + children = 0")
    for table in _SETS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("adults_now")
            batch.drop_column("children_now")
    op.drop_table("folded_marks")
    op.drop_table("versions")


def _tell_sets() -> None:
    """Each card's largest numbers at all folded sessions, the running month's among them."""
    for table in _SETS:
        op.add_column(table, sa.Column("adults_now", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("children_now", sa.Integer(), nullable=True))
        op.execute(f"UPDATE {table} SET adults_now = adults, children_now = children")
    op.execute(_VISITORS)
    op.execute(_PERSONS)
    for table in _SETS:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("adults_now", existing_type=sa.Integer(), nullable=False)
            batch.alter_column("children_now", existing_type=sa.Integer(), nullable=False)


def _word(enum: str, *members: str) -> Any:
    return sa.Enum(*members, name=enum, native_enum=False, create_constraint=True, length=32)


def _tell_parts() -> None:
    """Each date's part of its month: the days that share both its week and its month."""
    folded = sa.table("folded_sessions", sa.column("local_on", sa.Date()), sa.column("part_on", sa.Date()))
    connection = op.get_bind()
    for (on,) in connection.execute(sa.select(folded.c.local_on).distinct()).all():
        part: date = max(on - timedelta(days=on.weekday()), on.replace(day=1))
        connection.execute(sa.update(folded).where(folded.c.local_on == on).values(part_on=part))
