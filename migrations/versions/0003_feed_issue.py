"""The address of a household's calendar feed can be stopped; which feeds each session is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003_feed_issue"
down_revision = "0002_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table, and place the sessions that are there in their feeds."""
    with op.batch_alter_table("cards") as batch:
        batch.add_column(sa.Column("feed_issue", sa.Integer(), nullable=False, server_default="0"))
    table = op.create_table(
        "feed_sessions",
        sa.Column("feed", sa.String(length=96), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_feed_sessions_session_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed", "session_id", name="pk_feed_sessions"),
    )
    op.create_index("ix_feed_sessions_session_id", "feed_sessions", ["session_id"])
    op.bulk_insert(table, list(_places()))


def downgrade() -> None:
    """Take both away."""
    op.drop_table("feed_sessions")
    with op.batch_alter_table("cards") as batch:
        batch.drop_column("feed_issue")


def _places() -> Iterator[dict[str, Any]]:
    """The feeds of every public session that has its calendar texts, and so lacks no text (rule 15)."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT s.id, s.activity_id, a.organisation_id, s.venue_id, s.languages, s.local_on"
            " FROM sessions s JOIN activities a ON a.id = s.activity_id WHERE s.visibility = 'public'"
            " AND EXISTS (SELECT 1 FROM calendar_texts t WHERE t.session_id = s.id)"
        )
    )
    for session_id, activity_id, organisation_id, venue_id, languages, local_on in rows:
        spoken = json.loads(languages) if isinstance(languages, str) else languages
        feeds = ["all", f"activity:{activity_id}", f"organisation:{organisation_id}", f"year:{str(local_on)[:4]}"]
        feeds += [f"venue:{venue_id}"] if venue_id else []
        feeds += [f"language:{code}" for code in dict.fromkeys(spoken)]
        yield from ({"feed": feed, "session_id": session_id} for feed in feeds)
