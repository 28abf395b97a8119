"""A whole copy of the database in one file: taken while the system runs, and put back into either engine.

The file is gzip over lines of JSON: a header; for each table one line with its columns, then its rows as lists; at the
end the digest of all lines before it. Values are written by what a column means (``KINDS``), never as one engine keeps
them. The header names the migration the tables stood at: an older file is put back as it was and then upgraded.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import current_app

from integration.kernel.database import Base, DbSession, UTCDateTime, one_moment, reading, transaction
from integration.kernel.errors import Refusal
from integration.kernel.lazy import Later
from integration.kernel.models import Installation
from integration.kernel.versions import WITHOUT_VERSIONS

if TYPE_CHECKING:
    import flask_migrate
    from alembic import script as alembic_script
    from alembic import util as alembic_util
else:
    alembic_script, alembic_util = Later("alembic.script"), Later("alembic.util")
    flask_migrate = Later("flask_migrate")

FORMAT = "delaktig-backup-1"
BATCH = 2_000
"""Rows that are read or written at a time: memory stays flat."""


class NotABackup(Refusal):
    """The file is no backup, or not a whole one: cut short or changed since."""


class BackupIsNewer(Refusal):
    """The file was written by a newer version than this one."""


class AnotherCardKey(Refusal):
    """Every card that the copied city has handed out comes from another CARD_KEY: with this one all would be dead."""


class DatabaseNotEmpty(Refusal):
    """There is something in the database already; a copy is put back into an empty one only."""


@dataclass(frozen=True)
class Kind:
    """How the values of a column are written, and its portable type when they are put back."""

    column: Callable[[], sa.types.TypeEngine[Any]]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


def _word(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


KINDS: dict[str, Kind] = {
    "moment": Kind(UTCDateTime, datetime.isoformat, datetime.fromisoformat),
    "date": Kind(sa.Date, date.isoformat, date.fromisoformat),
    "time": Kind(sa.Time, time.isoformat, time.fromisoformat),
    "bytes": Kind(sa.LargeBinary, lambda content: b64encode(content).decode("ascii"), b64decode),
    "json": Kind(lambda: sa.JSON(none_as_null=True), _as_it_is, _as_it_is),
    "boolean": Kind(sa.Boolean, _as_it_is, _as_it_is),
    "plain": Kind(sa.types.NullType, _word, _as_it_is),
}
TYPES: tuple[tuple[type[sa.types.TypeEngine[Any]] | type[UTCDateTime], str], ...] = (
    (UTCDateTime, "moment"),
    (sa.Date, "date"),
    (sa.Time, "time"),
    (sa.LargeBinary, "bytes"),
    (sa.JSON, "json"),
    (sa.Boolean, "boolean"),
)


def kind_of(column: sa.Column[Any]) -> str:
    """The name of the column's kind; what needs no translation is "plain"."""
    return next((kind for type_, kind in TYPES if isinstance(column.type, type_)), "plain")


def write_backup(file: Path, *, card_key: str, now: datetime) -> int:
    """Write everything as it is at this one moment, while others go on; returns the number of rows.

    The file appears whole or not at all, readable by its owner only. Raises FileExistsError.
    """
    if file.exists():
        raise FileExistsError(file)
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw, reading() as db_session:
            one_moment(db_session)
            with gzip.open(raw, "wb", compresslevel=6) as stream:
                rows = _write_lines(stream, _lines(db_session, card_key, now))
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def restore_backup(file: Path, *, card_key: str) -> int:
    """Put a copy back into this empty database, and bring it up to today's tables; returns the number of rows.

    A file that is not whole changes nothing. Raises NotABackup, BackupIsNewer, AnotherCardKey, DatabaseNotEmpty.
    """
    header = _verified(file)
    if not hmac.compare_digest(str(header.get("card_key")), _mark(card_key)):
        raise AnotherCardKey
    revision = _known(str(header.get("revision")))
    _refuse_unless_empty()
    flask_migrate.upgrade(revision=revision)
    with transaction() as db_session:
        db_session.connection(execution_options={WITHOUT_VERSIONS: True})  # they are put back too, if the file has them
        rows = _load(db_session, file)
    flask_migrate.upgrade()
    return rows


def _mark(card_key: str) -> str:
    """What tells one CARD_KEY from another without telling anything of it."""
    return hmac.new(card_key.encode(), FORMAT.encode(), hashlib.sha256).hexdigest()


def _lines(db_session: DbSession, card_key: str, now: datetime) -> Iterator[Any]:
    revision = db_session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    yield {"format": FORMAT, "revision": revision, "card_key": _mark(card_key), "written_at": now.isoformat()}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.computed is None]
        kinds = {column.name: kind_of(column) for column in columns}
        yield {"table": table.name, "columns": kinds}
        writers = [KINDS[kind].write for kind in kinds.values()]
        for row in db_session.execute(sa.select(*columns).execution_options(yield_per=BATCH)):
            yield [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]


def _write_lines(stream: gzip.GzipFile, lines: Iterator[Any]) -> int:
    digest, rows = hashlib.sha256(), 0
    for line in lines:
        rows += isinstance(line, list)
        written = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(written)
        stream.write(written)
    stream.write(json.dumps({"rows": rows, "sha256": digest.hexdigest()}).encode() + b"\n")
    return rows


def _verified(file: Path) -> dict[str, Any]:
    """The header of a file that is whole and unchanged; all of it is read once before anything is believed."""
    digest, last, header = hashlib.sha256(), b"", b""
    try:
        with gzip.open(file, "rb") as stream:
            for line in stream:
                header = header or line
                digest.update(last)
                last = line
        said, described = json.loads(last), json.loads(header)
        whole = described["format"] == FORMAT and said["sha256"] == digest.hexdigest()
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NotABackup from error
    if not whole:
        raise NotABackup
    found: dict[str, Any] = described
    return found


def _known(revision: str) -> str:
    scripts = alembic_script.ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    try:
        scripts.get_revision(revision)
    except alembic_util.CommandError as error:
        raise BackupIsNewer from error
    return revision


def _refuse_unless_empty() -> None:
    """Tables that migrations have made may stand there; what somebody has written may not."""
    written_by_migrations = {"alembic_version", Installation.__tablename__}
    with reading() as db_session:
        for name in sa.inspect(db_session.connection()).get_table_names():
            if name not in written_by_migrations and db_session.scalar(sa.select(1).select_from(sa.table(name))):
                raise DatabaseNotEmpty


def _load(db_session: DbSession, file: Path) -> int:
    connection = db_session.connection()
    add_foreign_keys = _lift_foreign_keys(connection)
    connection.execute(sa.delete(Installation))
    rows = 0
    with gzip.open(file, "rb") as stream:
        lines = (json.loads(line) for line in islice(stream, 1, None))
        table: sa.TableClause | None = None
        kinds: dict[str, str] = {}
        for is_rows, group in groupby(lines, key=lambda line: isinstance(line, list)):
            if not is_rows:
                *_, described = group
                if "table" in described:
                    kinds = described["columns"]
                    table = sa.table(described["table"], *(sa.column(n, KINDS[k].column()) for n, k in kinds.items()))
                continue
            assert table is not None  # noqa: S101 - the digest holds: our own writing names a table before its rows
            rows += _insert(connection, table, kinds, group)
    add_foreign_keys()
    _go_on_counting(connection)
    return rows


def _insert(connection: sa.Connection, table: sa.TableClause, kinds: dict[str, str], rows: Iterator[list[Any]]) -> int:
    readers = {name: KINDS[kind].read for name, kind in kinds.items()}
    count = 0
    while batch := list(islice(rows, BATCH)):
        connection.execute(
            table.insert(),
            [
                {
                    name: None if value is None else read(value)
                    for (name, read), value in zip(readers.items(), row, strict=True)
                }
                for row in batch
            ],
        )
        count += len(batch)
    return count


def _lift_foreign_keys(connection: sa.Connection) -> Callable[[], None]:
    """Let rows come before those that they point at, in this transaction; the function returned checks them all."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        return lambda: None
    keys = connection.execute(
        sa.text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    def add() -> None:
        for table, name, definition in keys:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")

    return add


def _go_on_counting(connection: sa.Connection) -> None:
    """PostgreSQL numbers new rows by sequences, which know nothing of rows that came with numbers of their own."""
    if connection.dialect.name != "postgresql":
        return
    for table in sa.inspect(connection).get_table_names():
        for column in sa.inspect(connection).get_columns(table):
            sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table, column["name"])))
            if sequence:
                highest: sa.Select[Any] = sa.select(sa.func.max(sa.column(column["name"]))).select_from(sa.table(table))
                connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest.scalar_subquery(), 1))))
