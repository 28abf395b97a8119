"""An upgrade of a city that is in use loses none of its rows.

On SQLite altering a table drops and renews it, and what hangs on it by ``ON DELETE CASCADE`` would go along.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

from integration import create_app
from integration.kernel.database import db
from integration.kernel.versions import WITHOUT_VERSIONS
from tests.fixtures.databases import Databases
from tests.fixtures.settings import settings_for

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
VALUES: tuple[tuple[type[sa.types.TypeEngine[Any]], Any], ...] = (
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.Numeric, 1),
    (sa.DateTime, MOMENT),
    (sa.Date, MOMENT.date()),
    (sa.Time, time(12)),
    (sa.JSON, {}),
    (sa.LargeBinary, b"x"),
    (sa.String, "x"),
)


@pytest.fixture
def old(sqlite_databases: Databases) -> Iterator[Flask]:
    """An application without any table yet, whose database takes rows that only look like rows (no CHECK)."""
    app = create_app(settings_for(sqlite_databases.create("of_old", False)))
    with app.app_context():
        sa.event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA ignore_check_constraints=ON"))
        db.engine.dispose()
        yield app
        db.engine.dispose()
    sqlite_databases.drop("of_old")


def test_no_upgrade_loses_a_row(old: Flask) -> None:
    scripts = ScriptDirectory.from_config(old.extensions["migrate"].migrate.get_config())
    planted: dict[str, int] = {}
    for script in reversed(list(scripts.walk_revisions())):
        upgrade(revision=script.revision)
        with db.engine.connect().execution_options(**{WITHOUT_VERSIONS: True}) as connection:
            found = {name: _count(connection, name) for name in planted if sa.inspect(connection).has_table(name)}
            lost = {name: planted[name] for name, count in found.items() if count < planted[name]}
            assert not lost, f"{script.revision} lost rows of {sorted(lost)}"
            planted |= _plant(connection, planted)
            connection.commit()
    assert len(planted) > 50, "rows stood in fewer tables than there are"


def _count(connection: sa.Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _plant(connection: sa.Connection, planted: dict[str, int]) -> dict[str, int]:
    """One row in each table that has none yet, those that are pointed at first; rows all have the number 1."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    new = [table for table in metadata.sorted_tables if table.name not in {*planted, "alembic_version"}]
    for table in new:
        if not _count(connection, table.name):
            connection.execute(table.insert().values(_row(table)))
    return {table.name: 1 for table in new}


def _row(table: sa.Table) -> dict[str, Any]:
    return {
        column.name: _value(column)
        for column in table.columns
        if column.computed is None and column.server_default is None and (not column.nullable or column.primary_key)
    }


def _value(column: sa.Column[Any]) -> Any:
    return next(value for type_, value in VALUES if isinstance(column.type, type_))
