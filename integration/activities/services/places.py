"""Taking and giving back places: the database itself says whether there is room."""

from __future__ import annotations

import sqlalchemy as sa

from integration.activities.errors import SessionFull
from integration.activities.models import SessionPlaces
from integration.activities.queries import places_left
from integration.kernel.database import DbSession


def take_places(db_session: DbSession, session_id: int, people: int, *, beyond: bool = False) -> None:
    """Take this many places or none; raise SessionFull with what is left, which is nothing while anyone waits.

    One guarded statement, so that any number of people may try at once. It locks the session's counter until
    the transaction ends: make it the transaction's last statement. ``beyond`` is for staff, whose verb leaves
    a trace: it asks neither for room nor for a queue.
    """
    room = sa.or_(
        SessionPlaces.capacity.is_(None),
        sa.and_(
            SessionPlaces.waiting == 0,
            SessionPlaces.taken + SessionPlaces.offered + people <= SessionPlaces.capacity,
        ),
    )
    taken = db_session.execute(
        sa.update(SessionPlaces)
        .where(SessionPlaces.session_id == session_id, sa.true() if beyond else room)
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


def lock_places(db_session: DbSession, session_id: int) -> SessionPlaces:
    """The session's counters as they are now, which nobody else changes until the transaction ends.

    Whoever moves people between places and the queue holds this lock first. Who needs several sessions' takes
    them in the order of their ids: then no two wait for each other.
    """
    return db_session.execute(
        sa.select(SessionPlaces)
        .where(SessionPlaces.session_id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def count_places(
    db_session: DbSession, places: SessionPlaces, *, taken: int = 0, offered: int = 0, waiting: int = 0
) -> None:
    """Move the counters, which the caller has locked, by so many people (``waiting``: entries)."""
    places.taken += taken
    places.offered += offered
    places.waiting += waiting
    db_session.flush()
