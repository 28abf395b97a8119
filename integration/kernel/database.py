"""The database: declarative base, portable column types, and one transaction per request."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, registry

from integration.kernel.migrating import Migrations

DbSession = Session
"""The database handle's type: ``session`` is the domain's own word."""

View = TypeVar("View", bound=Callable[..., Any])

Texts = dict[str, str]
"""A text in several languages, by language code."""

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite forgets zones and PostgreSQL keeps them: both give back aware UTC here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive moments: nobody can say what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give every stored moment its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table, with constraint names that migrations can rely on."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime(),
            Texts: sa.JSON(none_as_null=True),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
        },
    )


def word(enum: type[StrEnum]) -> sa.Enum:
    """A column type for an enum stored as its lower-case word, checked by the database."""
    return sa.Enum(
        enum,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def insert_into(database: DbSession | sa.Connection, table: Any) -> Any:
    """An INSERT that may say what to do ON CONFLICT: both databases can, each by its own name."""
    dialect = database.get_bind().dialect if isinstance(database, Session) else database.dialect
    return postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_sqlite_writer = threading.Lock()
_mode = threading.local()


def init_app(app: Flask) -> None:
    """Bind the database and its transactions to the application."""
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _listen_to_sqlite(db.engine)
        else:
            event.listen(db.engine, "checkout", _refuse_hung_up)
    app.before_request(_remember_mode)
    app.after_request(_finish_transaction)
    app.teardown_request(_release_writer)


def _listen_to_sqlite(engine: sa.Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Durable and concurrent: WAL lets readers pass, FULL makes an acknowledged write survive a power cut."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN" if getattr(_mode, "reading", False) else "BEGIN IMMEDIATE")


def _refuse_hung_up(connection: Any, _record: Any, _proxy: Any) -> None:
    """A server that went away has closed its end, which shows without asking it: spares a message per request."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if socket.poll(0):
        raise sa.exc.InvalidatePoolError("the server has hung up")


def commits_itself(view: View) -> View:
    """This endpoint writes only inside ``transaction()``, so its requests do not queue for the one writer."""
    view.commits_itself = True  # type: ignore[attr-defined]
    return view


def _remember_mode() -> None:
    """Writing requests queue for the one writer of an embedded database; reading ones never wait."""
    view = current_app.view_functions.get(request.endpoint or "")
    reading = request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "commits_itself", False)
    _mode.reading = reading
    if not reading and db.engine.dialect.name == "sqlite":
        _acquire_writer()


def _acquire_writer() -> None:
    if not getattr(_mode, "writing", False):
        _sqlite_writer.acquire()
        _mode.writing = True


def _release_writer(_error: BaseException | None = None) -> None:
    db.session.remove()
    if getattr(_mode, "writing", False):
        _mode.writing = False
        _sqlite_writer.release()
    _mode.reading = False


def _finish_transaction(response: Response) -> Response:
    """One transaction per request: what the reader sees as done is durable, and a refusal leaves no trace."""
    if not db.session.registry.has():
        return response
    if response.status_code < 400 and not getattr(_mode, "reading", False):
        db.session.commit()
    else:
        db.session.rollback()
    return response


@contextmanager
def transaction() -> Iterator[DbSession]:
    """A transaction of its own (jobs, commands, what ``commits_itself``): commits at the end, or rolls back."""
    with _as_writer():
        try:
            yield db.session()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def writing() -> Iterator[sa.Connection]:
    """The same for what happens so often that it does without objects: the connection alone."""
    with _as_writer(), db.engine.begin() as connection:
        yield connection


@contextmanager
def _as_writer() -> Iterator[None]:
    """Be the one writer of an embedded database, unless the request at hand is it already."""
    acquires = db.engine.dialect.name == "sqlite" and not getattr(_mode, "writing", False)
    if acquires:
        _acquire_writer()
    _mode.reading = False
    try:
        yield
    finally:
        if acquires:
            _release_writer()


@contextmanager
def reading() -> Iterator[DbSession]:
    """A look outside requests (jobs): it waits for no writer, writes nothing, and forgets what it saw."""
    before = getattr(_mode, "reading", False)
    _mode.reading = True
    try:
        yield db.session()
    finally:
        db.session.remove()
        _mode.reading = before


@contextmanager
def own_transaction() -> Iterator[sa.Connection]:
    """A short transaction apart from the request's, for facts that must outlive its refusal (failed sign-ins).

    On an embedded database it must begin before the request has touched the database: there is one writer.
    """
    with db.engine.begin() as connection:
        yield connection


def one_moment(db_session: DbSession) -> None:
    """Let everything that a reading request reads from here on show one moment, whatever others write meanwhile.

    An embedded database does so by itself. What was read before is to be forgotten: the transaction begins anew.
    """
    if db_session.get_bind().dialect.name == "postgresql":
        db_session.rollback()
        db_session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
