"""Versions of what tables hold: whoever keeps something read from them learns in one look whether it is still true.

The word is changed by the transaction that writes, whichever service, job, import or command that is: nobody has to
remember to. It is changed last before the commit, so that writers wait for each other only that long and never in a
circle.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.compiler import SQLCompiler

from integration.kernel.database import Base, DbSession, insert_into
from integration.kernel.models import Version

WITHOUT_VERSIONS = "without_versions"
"""An execution option of connections that write before there may be versions: migrations, and putting back a copy."""

_WRITTEN = "tables written"
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH|TRUNCATE|MERGE|COPY)\b", re.IGNORECASE)
_VERSIONS = sa.select(Version.name, Version.value)


class Watch:
    """Looks at every statement of an engine, and moves the versions of the tables that a transaction wrote to.

    Statements that run straight on the driver (``kernel.baked``) go past it: none writes to these tables (tested).
    """

    def __init__(self, tables: Mapping[str, Collection[str]]) -> None:
        self._versions = {
            name: frozenset(version for version, members in tables.items() if name in members)
            for name in {table for members in tables.values() for table in members}
        }
        self._all = frozenset(tables)

    def listen(self, engine: sa.Engine) -> None:
        """From now on, for every connection of this engine."""
        event.listen(engine, "begin", _forget)
        event.listen(engine, "after_cursor_execute", self._note)
        event.listen(engine, "commit", _move)
        event.listen(engine, "rollback", _forget)

    def _note(
        self, connection: sa.Connection, cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        moved = self._moved_by(statement, context)
        if moved and cursor.rowcount != 0 and not connection.get_execution_options().get(WITHOUT_VERSIONS):
            connection.info.setdefault(_WRITTEN, set()).update(moved)

    def _moved_by(self, statement: str, context: Any) -> frozenset[str]:
        """The versions that a statement moves; of words that nobody can look into, all."""
        compiled = context.compiled if context is not None else None
        if not isinstance(compiled, SQLCompiler) or compiled.isplaintext:
            return self._all if _WRITES.match(statement) else frozenset()
        if not (context.isinsert or context.isupdate or context.isdelete):
            return frozenset()
        table = compiled.statement.table.name  # type: ignore[union-attr]
        moved = self._versions.get(table, frozenset())
        if context.isdelete:
            moved = moved.union(*(self._versions.get(each, ()) for each in _emptied_with(table)))
        return moved


def versions(db_session: DbSession) -> dict[str, str]:
    """Name > the word that stands for what the tables hold now; one statement. No word: nothing was written yet."""
    rows = db_session.connection().execute(_VERSIONS)
    return {row.name: row.value for row in rows}


def _emptied_with(table: str) -> frozenset[str]:
    """The tables in which the database itself deletes or changes rows when rows of this one are deleted."""
    found: set[str] = set()
    todo = {table}
    while todo:
        gone = todo.pop()
        more = {
            key.parent.table.name
            for each in Base.metadata.tables.values()
            for key in each.foreign_keys
            if key.ondelete and key.column.table.name == gone
        }
        todo |= more - found
        found |= more
    return frozenset(found)


def _move(connection: sa.Connection) -> None:
    moved = connection.info.pop(_WRITTEN, ())
    for name in sorted(moved):
        insert = insert_into(connection, Version).values(name=name, value=uuid.uuid4().hex)
        changes = {"value": insert.excluded.value}
        connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changes))


def _forget(connection: sa.Connection) -> None:
    if not connection.invalidated:  # what a lost one has written is lost with it
        connection.info.pop(_WRITTEN, None)
