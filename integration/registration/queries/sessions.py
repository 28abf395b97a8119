"""Sessions as registration reads them: what a page says, which doors a day has."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from integration.activities.models import Activity, Session, SessionPlaces, SessionStatus, Venue, Visibility
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation


def _facts_of_a_session() -> sa.Select[Any]:
    """A select of every column that a session's page draws on, as plain values that can be compared."""
    sessions, places, activities, organisations, venues = (
        each.__table__ for each in (Session, SessionPlaces, Activity, Organisation, Venue)
    )
    columns = [*sessions.c, *places.c, *activities.c, *organisations.c, *venues.c]
    plain = [
        sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else sa.type_coerce(column, sa.types.NullType())
        for column in columns
    ]
    joined = (
        sessions.join(places, places.c.session_id == sessions.c.id)
        .join(activities, activities.c.id == sessions.c.activity_id)
        .join(organisations, organisations.c.id == activities.c.organisation_id)
        .outerjoin(venues, venues.c.id == sessions.c.venue_id)
    )
    labelled: list[Any] = [column.label(f"fact_{number}") for number, column in enumerate(plain)]
    return sa.select(*labelled).select_from(joined).where(sessions.c.key == sa.bindparam("key"))


_FACTS = _facts_of_a_session()


def session_facts(connection: sa.Connection, key: str) -> tuple[Any, ...]:
    """Everything that a session's page says, in one statement: equal facts make equal pages. Raises NotFound.

    On a bare connection: it reads no objects, and a unit of work would cost more than the reading.
    """
    found = connection.execute(_FACTS, {"key": key}).first()
    if found is None:
        raise NotFound(key)
    return tuple(found)


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
