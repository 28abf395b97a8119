"""The databases that benchmarks run on: an SQLite file and a durable PostgreSQL, and empty ones beside them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.postgres import private_postgres


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """An SQLite file and a durable PostgreSQL of their own, both empty."""
    with tempfile.TemporaryDirectory() as folder, private_postgres(durable=True) as postgresql:
        yield {"SQLite": f"sqlite:///{Path(folder) / 'bench.db'}", "PostgreSQL": postgresql}


@contextlib.contextmanager
def own_database(url: str, name: str) -> Iterator[str]:
    """An empty database beside this one, gone afterwards."""
    fresh = _create(url, name)
    try:
        yield fresh
    finally:
        _drop(url, fresh)


def _create(url: str, database: str) -> str:
    parsed = make_url(url)
    if parsed.drivername.startswith("sqlite"):
        return f"sqlite:///{Path(parsed.database or '').parent / database}.db"
    _administer(url, f'CREATE DATABASE "{database}"')
    return parsed.set(database=database).render_as_string(hide_password=False)


def _drop(url: str, fresh: str) -> None:
    parsed = make_url(fresh)
    if not parsed.drivername.startswith("sqlite"):
        _administer(url, f'DROP DATABASE "{parsed.database}" WITH (FORCE)')
        return
    for ending in ("", "-wal", "-shm"):
        Path(f"{parsed.database}{ending}").unlink(missing_ok=True)


def _administer(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
