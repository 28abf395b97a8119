"""Taking and giving back places: the database itself says whether there is room."""

from __future__ import annotations

import sqlalchemy as sa

from integration.activities.errors import SessionFull
from integration.activities.models import SessionPlaces
from integration.activities.queries import places_left
from integration.kernel.database import DbSession


def take_places(db_session: DbSession, session_id: int, people: int) -> None:
    """Take this many places or none; raise SessionFull with what is left.

    One guarded statement, so that any number of people may try at once. It locks the session's counter until
    the transaction ends: make it the transaction's last statement.
    """
    room = sa.or_(
        SessionPlaces.capacity.is_(None),
        SessionPlaces.taken + SessionPlaces.offered + people <= SessionPlaces.capacity,
    )
    taken = db_session.execute(
        sa.update(SessionPlaces)
        .where(SessionPlaces.session_id == session_id, room)
        .values(taken=SessionPlaces.taken + people)
        .returning(SessionPlaces.session_id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise SessionFull(places_left(db_session, session_id) or 0)


def release_places(db_session: DbSession, session_id: int, people: int) -> None:
    """Give back places that were taken before; the table's own check refuses to go below none."""
    db_session.execute(
        sa.update(SessionPlaces)
        .where(SessionPlaces.session_id == session_id)
        .values(taken=SessionPlaces.taken - people)
        .execution_options(synchronize_session=False)
    )
