"""Versions move with every transaction that writes to their tables, however it writes, and with no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from integration.activities.models import Session, SessionPlaces, Venue
from integration.checkin.models import Closing
from integration.kernel.database import DbSession
from integration.kernel.versions import WITHOUT_VERSIONS, versions
from integration.organisations.models import Organisation
from integration.programme.models import Action, Indicator, IndicatorKind, Programme
from tests.factories.activities import make_session
from tests.factories.figures import close, indicator, make_action, make_line, make_programme, serve

Write = Callable[[DbSession], Any]


@pytest.fixture
def known(db_session: DbSession) -> dict[str, str]:
    """The words after a programme with one session was written."""
    programme = make_programme(db_session, slug="town")
    session = make_session(db_session)
    serve(db_session, session.activity, make_action(db_session, programme))
    close(db_session, session)
    db_session.commit()
    return versions(db_session)


def moved(db_session: DbSession, known: dict[str, str]) -> set[str]:
    """Which versions are other words now."""
    db_session.commit()
    return {name for name, word in versions(db_session).items() if known.get(name) != word}


def _change_an_object(db_session: DbSession) -> None:
    db_session.scalars(sa.select(Programme)).one().title = {"sv": "Annat"}


def _insert_many(db_session: DbSession) -> None:
    rows: list[dict[str, Any]] = [{"slug": each, "kind": "network", "name": {}} for each in ("one", "two")]
    db_session.execute(sa.insert(Organisation), rows)


def _delete_sessions(db_session: DbSession) -> None:
    """The database itself deletes what hangs on them."""
    db_session.execute(sa.delete(Closing))
    db_session.execute(sa.delete(SessionPlaces))
    db_session.commit()
    db_session.execute(sa.delete(Session).where(Session.id > 0))


def _roll_back(db_session: DbSession) -> None:
    db_session.execute(sa.update(Programme).values(first_year=2021))
    db_session.rollback()


WRITES: list[tuple[Write, set[str]]] = [
    (_change_an_object, {"programme"}),
    (lambda db_session: db_session.execute(sa.update(Programme).values(first_year=2022)), {"programme"}),
    (_insert_many, {"programme"}),
    (_delete_sessions, {"figures"}),
    (lambda db_session: db_session.execute(sa.text("UPDATE venues SET slug = slug")), {"programme", "figures"}),
    (lambda db_session: db_session.execute(sa.update(Programme).where(Programme.id < 0).values(first_year=1)), set()),
    (lambda db_session: db_session.execute(sa.update(Venue).values(slug="elsewhere")), set()),
    (lambda db_session: db_session.execute(sa.select(Programme)), set()),
    (_roll_back, set()),
]


@pytest.mark.parametrize(("write", "expected"), WRITES)
def test_a_version_moves_with_what_is_written(
    db_session: DbSession, known: dict[str, str], write: Write, expected: set[str]
) -> None:
    write(db_session)
    assert moved(db_session, known) == expected


def test_what_hangs_on_a_deleted_row_is_written_too(db_session: DbSession, known: dict[str, str]) -> None:
    """Reports go with their indicator by the database's own hand."""
    action = db_session.scalars(sa.select(Action)).one()
    make_line(db_session, action, indicator(IndicatorKind.REPORTED))
    db_session.commit()
    db_session.execute(sa.delete(Indicator))
    assert moved(db_session, known) == {"programme", "figures"}


def test_a_migration_moves_nothing(db_session: DbSession, known: dict[str, str]) -> None:
    """It may run before there are versions; processes begin anew after it."""
    db_session.rollback()
    db_session.connection(execution_options={WITHOUT_VERSIONS: True})
    db_session.execute(sa.update(Programme).values(first_year=2022))
    assert moved(db_session, known) == set()
