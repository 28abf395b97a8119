"""Inserting a row where somebody else may be inserting the same one."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from integration.kernel.database import Base, DbSession

Row = TypeVar("Row", bound=Base)


def insert_unless_taken(db_session: DbSession, table: type[Row], **values: object) -> Row | None:
    """Insert a row unless a unique constraint says that another one has its place; waits for one being written."""
    insert = postgresql.insert if db_session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return db_session.scalar(insert(table).values(**values).on_conflict_do_nothing().returning(table))
