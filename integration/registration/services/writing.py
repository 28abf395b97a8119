"""Inserting a row where somebody else may be inserting the same one."""

from __future__ import annotations

from typing import TypeVar

from integration.kernel.database import Base, DbSession, insert_into

Row = TypeVar("Row", bound=Base)


def insert_unless_taken(db_session: DbSession, table: type[Row], **values: object) -> Row | None:
    """Insert a row unless a unique constraint says that another one has its place; waits for one being written."""
    wanted = insert_into(db_session, table).values(**values).on_conflict_do_nothing()
    inserted: Row | None = db_session.scalar(wanted.returning(table))
    return inserted
