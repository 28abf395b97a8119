"""A copy put back is the same city, on either engine; what is no whole copy changes nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from integration import create_app
from integration.kernel import backup
from integration.kernel.backup import restore_backup, write_backup
from integration.kernel.database import Base, db, reading, transaction
from integration.kernel.models import Attempt
from tests.factories.activities import make_session
from tests.factories.world import plant_world
from tests.fixtures.settings import CARD_KEY, settings_for

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def city(app: Flask, db_session: Session) -> Flask:
    """An application with a session to come in its database."""
    make_session(db_session)
    db_session.commit()
    return app


@pytest.fixture
def copied(city: Flask, tmp_path: Path) -> Path:
    """The city's copy."""
    with city.app_context():
        write_backup(tmp_path / "copy.gz", card_key=CARD_KEY, now=NOW)
    return tmp_path / "copy.gz"


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, engine_name: str) -> Iterator[Flask]:
    """An application on an empty database of the other engine."""
    other = "postgres_databases" if engine_name == "sqlite" else "sqlite_databases"
    databases = request.getfixturevalue(other)
    app = create_app(settings_for(databases.create("put_back", False)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop("put_back")


def content(db_session: Any) -> dict[str, list[Any]]:
    """Every row of every table, in an order that does not depend on the engine."""
    return {
        table.name: sorted((tuple(row) for row in db_session.execute(sa.select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def rows_of(app: Flask) -> dict[str, list[Any]]:
    with app.app_context(), reading() as db_session:
        return content(db_session)


def test_a_copy_put_back_into_the_other_engine_is_the_same(app: Flask, tmp_path: Path, elsewhere: Flask) -> None:
    plant_world(app)
    before = rows_of(app)
    with app.app_context():
        written = write_backup(tmp_path / "copy.gz", card_key=CARD_KEY, now=NOW)
    assert written == sum(map(len, before.values())) == restore_backup(tmp_path / "copy.gz", card_key=CARD_KEY)
    with reading() as db_session:
        assert content(db_session) == before


def test_what_is_written_after_putting_back_gets_numbers_of_its_own(copied: Path, elsewhere: Flask) -> None:
    restore_backup(copied, card_key=CARD_KEY)
    venues = Base.metadata.tables["venues"]
    with transaction() as db_session:
        row = dict(db_session.execute(sa.select(venues)).mappings().one())
        used = row.pop("id")
        assert db_session.scalar(venues.insert().values(row | {"slug": "another"}).returning(venues.c.id)) != used


def test_only_its_owner_may_read_it_and_nothing_is_written_over(city: Flask, copied: Path) -> None:
    assert copied.stat().st_mode & 0o077 == 0
    with city.app_context(), pytest.raises(FileExistsError):
        write_backup(copied, card_key=CARD_KEY, now=NOW)


def damaged(content: bytes) -> Iterator[bytes]:
    lines = gzip.decompress(content).splitlines(keepends=True)
    yield content[: len(content) // 2]
    yield gzip.compress(b"".join(lines[:-1]))
    yield gzip.compress(b"".join([*lines[:5], *lines[6:]]))
    yield gzip.compress(b'{"something": "else"}\n{}\n')
    yield b"no gzip at all"
    yield b""


def test_a_file_that_is_not_whole_changes_nothing(copied: Path, elsewhere: Flask, tmp_path: Path) -> None:
    for content in damaged(copied.read_bytes()):
        (tmp_path / "damaged.gz").write_bytes(content)
        with pytest.raises(backup.NotABackup):
            restore_backup(tmp_path / "damaged.gz", card_key=CARD_KEY)
    assert sa.inspect(db.engine).get_table_names() == []


def test_a_card_key_that_made_none_of_the_cards_is_refused(copied: Path, elsewhere: Flask) -> None:
    with pytest.raises(backup.AnotherCardKey):
        restore_backup(copied, card_key="another-key-of-more-than-32-characters")
    assert sa.inspect(db.engine).get_table_names() == []


def test_a_database_with_anything_in_it_is_refused(copied: Path, elsewhere: Flask) -> None:
    upgrade()
    with transaction() as db_session:
        db_session.add(Attempt(purpose="sign_in", subject="x", window_starts_at=NOW, count=1))
    with pytest.raises(backup.DatabaseNotEmpty):
        restore_backup(copied, card_key=CARD_KEY)


def test_a_newer_file_is_refused(copied: Path, elsewhere: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_verified", lambda file: {**header_of(file), "revision": "9999_of_tomorrow"})
    with pytest.raises(backup.BackupIsNewer):
        restore_backup(copied, card_key=CARD_KEY)


def header_of(file: Path) -> dict[str, Any]:
    with gzip.open(file) as stream:
        header: dict[str, Any] = json.loads(next(stream))
    return header


def test_the_commands_say_what_they_did(city: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "by_command.gz")
    with city.app_context():
        assert "rows written" in city.test_cli_runner().invoke(args=["backup", file]).output
        assert "there already" in city.test_cli_runner().invoke(args=["backup", file]).output
    assert "rows restored" in elsewhere.test_cli_runner().invoke(args=["restore", file]).output
    assert "empty database" in elsewhere.test_cli_runner().invoke(args=["restore", file]).output
