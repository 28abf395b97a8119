"""What editions have printed of U, so that later ones do not give a small number away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_small_figures"
down_revision = "0017_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of editions that are there already nothing is known."""
    op.add_column("editions", sa.Column("persons", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("editions") as batch:
        batch.alter_column("persons", server_default=None)


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("editions") as batch:
        batch.drop_column("persons")
