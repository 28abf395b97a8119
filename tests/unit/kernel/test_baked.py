"""Statements run straight on the driver mean what they mean to SQLAlchemy: values, transactions and errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.activities.models import Session, SessionPlaces
from integration.kernel.baked import Baked, glance
from integration.kernel.database import DbSession, db, transaction
from tests.factories.activities import make_session

_KEY = sa.bindparam("key", type_=sa.String)
_SESSION = sa.select(*Session.__table__.c).where(Session.key == _KEY, Session.sensitive == sa.false())
_PLACES: Any = SessionPlaces.__table__


def test_rows_are_those_that_sqlalchemy_reads(db_session: DbSession) -> None:
    session = make_session(db_session, languages=["sv", "ar"])
    connection = db_session.connection()
    found = Baked(_SESSION).first(connection, {"key": session.key})
    assert found == tuple(connection.execute(_SESSION, {"key": session.key}).one())
    assert found and session.starts_at in found and session.kind in found and ["sv", "ar"] in found
    assert Baked(_SESSION).first(connection, {"key": "nobody's"}) is None


def test_values_are_written_as_sqlalchemy_writes_them(db_session: DbSession) -> None:
    session = make_session(db_session)
    moved = datetime(2031, 5, 4, 10, 30, tzinfo=UTC)
    change = Baked(sa.update(Session).where(Session.key == _KEY).values(modified_at=sa.bindparam("at")))
    assert change.touched(db_session.connection(), {"key": session.key, "at": moved}) == 1
    assert change.touched(db_session.connection(), {"key": "nobody's", "at": moved}) == 0
    db_session.refresh(session)
    assert session.modified_at == moved


def test_it_takes_part_in_the_transaction_at_hand(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session, taken=0)
    db_session.commit()
    more = Baked(sa.update(_PLACES).where(_PLACES.c.session_id == session.id).values(taken=_PLACES.c.taken + 1))
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction() as own:
            assert more.touched(own.connection(), {}) == 1
            raise ZeroDivisionError
        with db.engine.begin() as connection:
            assert more.touched(connection, {}) == 1
    db_session.refresh(session.places)
    assert session.places.taken == 1


def test_its_errors_are_sqlalchemys_and_tell_no_values(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    columns = [each.name for each in _PLACES.columns]
    insert = Baked(sa.insert(_PLACES), columns)
    row = {"session_id": session.id, "capacity": 77177, "taken": 0, "offered": 0, "waiting": 0}
    with pytest.raises(sa.exc.IntegrityError) as told:
        insert.touched(db_session.connection(), row)
    assert "77177" not in str(told.value)
    db_session.rollback()
    with app.app_context():
        with pytest.raises(sa.exc.DBAPIError):
            glance(db.engine, "SELECT nothing FROM nowhere", ())
        assert glance(db.engine, "SELECT 1", ()) == (1,)


def test_a_glance_leaves_no_transaction_behind(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    db_session.commit()
    key = session.key
    with app.app_context():
        assert Baked(_SESSION).glance(db.engine, {"key": key})
        with db.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if db.engine.dialect.name == "sqlite":
                assert not driver.in_transaction
            else:
                assert not driver.autocommit
                assert driver.info.transaction_status.name == "IDLE"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_server_that_hung_up_is_called_again(client: FlaskClient, app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    addresses = [f"/sv/sessions/{session.key}", "/healthz"]
    assert [client.get(each).status_code for each in addresses] == [200, 200]
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = {}"
    db_session.execute(sa.text(others.format("current_database()")))
    assert [client.get(each).status_code for each in addresses] == [200, 200]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_server_lost_midway_is_an_error_of_the_database(app: Flask, db_session: DbSession) -> None:
    one = Baked(sa.select(sa.literal_column("1")))
    with app.app_context():
        with pytest.raises(sa.exc.OperationalError) as told, db.engine.begin() as connection:
            one.first(connection, {})
            process = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            db_session.execute(sa.select(sa.func.pg_terminate_backend(process)))
            one.first(connection, {})
        assert told.value.connection_invalidated
        with db.engine.begin() as connection:
            assert one.first(connection, {}) == (1,)
