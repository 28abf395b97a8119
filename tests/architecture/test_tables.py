"""Tables: what the migrations make is what the code believes, on both databases; and persons stand in one place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from integration import create_app
from integration.kernel.database import Base, UTCDateTime, db
from integration.registration import models as registration_models
from tests.architecture.test_imports import complain
from tests.fixtures.settings import settings_for

PORTABLE = (
    UTCDateTime,
    sa.BigInteger,
    sa.Boolean,
    sa.Date,
    sa.Enum,
    sa.Float,
    sa.Integer,
    sa.JSON,
    sa.LargeBinary,
    sa.String,
    sa.Text,
    sa.Time,
)
PERSONAL_SOUNDING = ("name", "phone", "email", "mail", "address", "birth", "nationality", "gender", "person")
NOT_OF_RESIDENTS = {
    "accounts.email": "staff sign in by it",
    "activities.contact_phone": "of a role, printed on the poster",
    "sessions.contact_phone": "of a role, printed on the poster",
    "sessions.group_name": "of a group that a meter counts, such as a class",
    "folded_sessions.group_name": "the same, as it was counted",
    "door_devices.name": "of a phone at a door",
    "imports.file_name": "of a spreadsheet with figures",
    "edition_files.file_name": "of a published report",
    "versions.name": "of a group of tables",
}
"""Columns that sound like a resident's and are not."""


@pytest.fixture
def migrated(empty_database_url: str) -> Iterator[Flask]:
    """The application on a database that its migrations have made from nothing."""
    app = create_app(settings_for(empty_database_url))
    with app.app_context():
        upgrade()
        yield app
        db.engine.dispose()


def columns() -> Iterator[sa.Column[object]]:
    """Every column of every table."""
    for table in Base.metadata.sorted_tables:
        yield from table.columns


def test_migrations_make_what_the_models_say(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_every_check(migrated: Flask) -> None:
    inspector = sa.inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        said = {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        made = {str(each["name"]) for each in inspector.get_check_constraints(table.name)}
        assert made == said, f"{table.name}: a check is in the models or in the migrations only"


def test_migrations_go_back_and_forth(migrated: Flask) -> None:
    downgrade(revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert {table.name for table in Base.metadata.sorted_tables} <= set(sa.inspect(db.engine).get_table_names())


def test_every_column_is_the_same_on_both_databases() -> None:
    problems = [f"{each}: {each.type!r}" for each in columns() if not isinstance(each.type, PORTABLE)]
    problems += [
        f"{each}: {each.type!r} without a length"
        for each in columns()
        if type(each.type) is sa.String and each.type.length is None
    ]
    problems += [f"{each}: a moment is a UTCDateTime" for each in columns() if isinstance(each.type, sa.DateTime)]
    complain(problems, "SQLite and PostgreSQL serve the same product: a column means the same on both.")


def test_moments_and_dates_say_which_they_are() -> None:
    problems = [
        f"{each}"
        for each in columns()
        if (isinstance(each.type, UTCDateTime) and not each.name.endswith("_at") and each.name != "at")
        or (isinstance(each.type, sa.Date) and not each.name.endswith(("_on", "on_date")) and each.name != "on")
    ]
    complain(problems, "Moments end in _at and are UTC, dates in _on.")


def test_residents_stand_in_registration_only() -> None:
    own = {table.name for table in _tables_of(registration_models)}
    marked = [str(each) for each in columns() if each.info.get("personal")]
    assert marked, "What is personal is marked in the model: the eraser finds it there."
    complain([each for each in marked if each.split(".")[0] not in own], "Only registration holds personal data.")
    sounding = [
        str(each)
        for each in columns()
        if each.table.name not in own
        and isinstance(each.type, sa.String)
        and not isinstance(each.type, sa.Enum)
        and any(word in each.name for word in PERSONAL_SOUNDING)
        and str(each) not in NOT_OF_RESIDENTS
    ]
    complain(
        sounding, "This sounds like a resident's: keep it in registration, or say in NOT_OF_RESIDENTS whose it is."
    )


def test_registration_marks_every_free_text() -> None:
    known = ("_digest", "_key", "language", "network")
    problems = [
        str(each)
        for table in _tables_of(registration_models)
        for each in table.columns
        if isinstance(each.type, sa.String)
        and not isinstance(each.type, sa.Enum)
        and not each.info.get("personal")
        and not each.name.endswith(known)
    ]
    complain(problems, "What people can write about themselves is marked personal, or erasing would forget it.")


def test_a_visitor_key_points_at_nobody() -> None:
    pointing = [str(each) for each in columns() if each.name == "visitor_key" and each.foreign_keys]
    complain(pointing, "Erasing a household must leave its visits standing: the key has no foreign key.")


def _tables_of(models: object) -> list[sa.Table]:
    return [each.__table__ for each in vars(models).values() if isinstance(each, type) and hasattr(each, "__table__")]
