"""Sessions as registration reads them: what a page says, which doors a day has."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from integration.activities.models import Activity, Session, SessionPlaces, SessionStatus, Venue, Visibility
from integration.kernel.baked import Baked
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation


def _facts_of_a_session(*, as_text: bool) -> Baked:
    """A select of all that a session's page draws on, as values that can be compared: a text per row, or each column.

    PostgreSQL writes a row as one text, which spares the reading of a hundred values; SQLite has no such text.
    """
    tables: list[Any] = [each.__table__ for each in (Session, SessionPlaces, Activity, Organisation, Venue)]
    sessions, places, activities, organisations, venues = tables
    joined = (
        sessions.join(places, places.c.session_id == sessions.c.id)
        .join(activities, activities.c.id == sessions.c.activity_id)
        .join(organisations, organisations.c.id == activities.c.organisation_id)
        .outerjoin(venues, venues.c.id == sessions.c.venue_id)
    )
    columns = [
        sa.cast(sa.literal_column(each.name), sa.Text) if as_text else sa.type_coerce(each, sa.types.NullType())
        for each in (tables if as_text else [column for table in tables for column in table.c])
    ]
    labelled: list[Any] = [column.label(f"fact_{number}") for number, column in enumerate(columns)]
    return Baked(sa.select(*labelled).select_from(joined).where(sessions.c.key == sa.bindparam("key")))


_FACTS = {"sqlite": _facts_of_a_session(as_text=False), "postgresql": _facts_of_a_session(as_text=True)}


def session_facts(engine: sa.Engine, key: str) -> tuple[Any, ...]:
    """Everything that a session's page says, in one statement: equal facts make equal pages. Raises NotFound.

    Outside any transaction: it reads no objects, and a unit of work would cost more than the reading.
    """
    found = _FACTS[engine.dialect.name].glance(engine, {"key": key})
    if found is None:
        raise NotFound(key)
    return found


def doors_on(db_session: DbSession, on: date, organisation_ids: frozenset[int] | None) -> list[Session]:
    """The planned sessions of this local date in these organisations (None: all), by time."""
    statement = (
        sa.select(Session)
        .join(Session.activity)
        .options(contains_eager(Session.activity), joinedload(Session.venue))
        .where(
            Session.local_on == on,
            Session.status == SessionStatus.PLANNED,
            Session.visibility != Visibility.CLOSED,
        )
        .order_by(Session.starts_at, Session.id)
    )
    if organisation_ids is not None:
        statement = statement.where(Activity.organisation_id.in_(organisation_ids))
    return list(db_session.scalars(statement))
