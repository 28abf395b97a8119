"""Migrations run inside the application: ``flask --app app db upgrade``."""

from __future__ import annotations

from alembic import context
from flask import current_app

from integration.kernel.clock import utc_now
from integration.kernel.database import Base, UTCDateTime, db
from integration.kernel.installation import remember


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write the portable type of moments, so that old migrations do not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def run() -> None:
    """Apply the migrations on the application's own database, each in a transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        remember(connection, demo=current_app.extensions["settings"].demo, now=utc_now())
        connection.commit()


run()
