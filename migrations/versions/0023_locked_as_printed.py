"""A locked figure is printed or not as when it was locked, whatever has changed around it since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_locked_as_printed"
down_revision = "0022_organisations"
branch_labels = None
depends_on = None

LOCKED = "stage = 'locked' AND provenance = 'computed' AND personal"
OF_PERSONS = "(SELECT measure FROM indicators WHERE indicators.id = reports.indicator_id) = 'unique'"


def upgrade() -> None:
    """Add the column. Nobody knows any more how much of an earlier one was of sensitive sessions: it is not shown."""
    hidden = sa.Enum("suppressed", "withheld", name="hiddenas", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("reports") as table:
        table.add_column(sa.Column("hidden", hidden, nullable=True))
    something = "(value > 0 OR denominator > 0)"
    op.execute(f"UPDATE reports SET hidden = 'withheld' WHERE {LOCKED} AND {something} AND NOT {OF_PERSONS}")
    op.execute(f"UPDATE reports SET hidden = 'suppressed' WHERE {LOCKED} AND value BETWEEN 1 AND 4 AND {OF_PERSONS}")


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("reports") as table:
        table.drop_constraint("hiddenas", type_="check")
        table.drop_column("hidden")
