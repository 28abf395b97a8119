"""Migrations run inside the application: ``flask --app app db upgrade``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from integration.kernel.clock import utc_now
from integration.kernel.database import Base, UTCDateTime, db
from integration.kernel.installation import remember
from integration.kernel.versions import WITHOUT_VERSIONS


def render(kind: str, item: object, _context: object) -> str | bool:
    """Write the portable type of moments, so that old migrations do not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


@contextmanager
def rows_stay(connection: sa.Connection) -> Iterator[None]:
    """SQLite alters a table by writing it anew and dropping the old one, and dropping one deletes its rows first: with
    foreign keys on, everything that cascades from them would go too. The pragma works only between transactions.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    sqlite: Any = connection.connection.driver_connection
    sqlite.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if broken := sqlite.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows that point at nothing after the migrations: {broken[:10]}")
    finally:
        sqlite.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Apply the migrations on the application's own database, each in a transaction."""
    with db.engine.connect() as connection, rows_stay(connection):
        connection.execution_options(**{WITHOUT_VERSIONS: True})
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
