"""Statements for what happens most often: written with SQLAlchemy, compiled once, run straight on the driver.

SQLAlchemy keeps what it compiled too, but looking it up, describing the result and wrapping its rows costs several
times what such a statement costs: for every arrival at a door, and for every page that is only looked at (decision
0019). The transaction is SQLAlchemy's own, and so are the types of values and the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

Row = tuple[Any, ...]
Arguments = dict[str, Any] | tuple[Any, ...]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in one database's words: how its values are handed over, and how what comes back is read."""

    words: str
    constants: dict[str, Any]
    order: Sequence[str] | None
    """Of the values, where the driver counts them instead of naming them."""
    written: tuple[tuple[str, Convert], ...]
    read: tuple[tuple[int, Convert], ...]

    def arguments(self, values: Mapping[str, Any]) -> Arguments:
        given = {**self.constants, **values}
        for name, convert in self.written:
            given[name] = convert(given[name])
        return given if self.order is None else tuple([given[name] for name in self.order])

    def row(self, found: Row | None) -> Row | None:
        if found is None or not self.read:
            return found
        row = list(found)
        for number, convert in self.read:
            row[number] = convert(row[number])
        return tuple(row)


class Baked:
    """One statement, with one value for each of its parameters: no list of unknown length may stand in it.

    An INSERT says with ``columns`` what each of its rows will bring.
    """

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self.columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def first(self, connection: sa.Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row that it finds; None where there is none."""
        compiled = self._for(connection.dialect)
        with _said(connection, compiled.words, compiled.arguments(values)) as cursor:
            return compiled.row(cursor.fetchone())

    def touched(self, connection: sa.Connection, values: Mapping[str, Any]) -> int:
        """How many rows it wrote."""
        compiled = self._for(connection.dialect)
        with _said(connection, compiled.words, compiled.arguments(values)) as cursor:
            return int(cursor.rowcount)

    def glance(self, engine: sa.Engine, values: Mapping[str, Any]) -> Row | None:
        """The first row that it finds as things stand just now, outside any transaction."""
        compiled = self._for(engine.dialect)
        return compiled.row(glance(engine, compiled.words, compiled.arguments(values)))

    def _for(self, dialect: sa.Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compiled(self.statement, self.columns, dialect)
        return compiled


def glance(engine: sa.Engine, words: str, arguments: Arguments) -> Row | None:
    """The first row of one statement that is its own transaction: PostgreSQL is spared two messages of three."""
    _let_hear(engine, words, arguments)
    try:
        pooled = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as problem:
        raise _as_sqlalchemys(engine, None, words, problem) from problem
    driver: Any = pooled.driver_connection
    begins = engine.dialect.name == "postgresql"  # by itself, unless it is told not to; SQLite never does
    try:
        if begins:
            driver.autocommit = True
        row: Row | None = driver.execute(words, arguments).fetchone()
        if begins:
            driver.autocommit = False
    except engine.dialect.loaded_dbapi.Error as problem:
        error = _as_sqlalchemys(engine, driver, words, problem)
        pooled.invalidate(problem)
        raise error from problem
    finally:
        pooled.close()
    return row


@contextmanager
def _said(connection: sa.Connection, words: str, arguments: Arguments) -> Iterator[Any]:
    """What the database answers, inside the transaction at hand."""
    _let_hear(connection.engine, words, arguments)
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    try:
        cursor = driver.execute(words, arguments)
    except connection.dialect.loaded_dbapi.Error as problem:
        error = _as_sqlalchemys(connection.engine, driver, words, problem)
        if error.connection_invalidated:
            connection.invalidate(problem)
        raise error from problem
    try:
        yield cursor
    finally:
        cursor.close()


def _let_hear(engine: sa.Engine, words: str, arguments: Arguments) -> None:
    """Whoever counts what is said to the database before it is said, as tests do, hears this too."""
    for hear in engine.dispatch.before_cursor_execute:
        hear(None, None, words, arguments, None, False)


def _as_sqlalchemys(engine: sa.Engine, driver: Any, words: str, problem: Exception) -> sa.exc.DBAPIError:
    """The error as everybody else meets it, without what people wrote; a server that is gone is gone for all."""
    lost = engine.dialect.is_disconnect(problem, driver, None)  # type: ignore[arg-type]
    if lost:
        engine.dispose()
    error = sa.exc.DBAPIError.instance(
        words,
        None,
        problem,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=engine.dialect,
    )
    return cast(sa.exc.DBAPIError, error)


def _compiled(statement: Any, columns: Sequence[str] | None, dialect: sa.Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    converts = {name: _writing(bind.type, dialect) for bind, name in compiled.bind_names.items()}
    known = {name: compiled.params[name] for bind, name in compiled.bind_names.items() if not bind.required}
    constants = {name: convert(value) if (convert := converts[name]) else value for name, value in known.items()}
    readers = [_reading(column.type, dialect) for column in statement.exported_columns]
    return _Compiled(
        words=str(compiled),
        constants=constants,
        order=compiled.positiontup if compiled.positional else None,
        written=tuple((name, each) for name, each in converts.items() if each and name not in constants),
        read=tuple((number, each) for number, each in enumerate(readers) if each),
    )


def _writing(kind: Any, dialect: sa.Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _reading(kind: Any, dialect: sa.Dialect) -> Convert | None:
    convert: Convert | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert
