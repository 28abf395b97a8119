"""Reading a whole year at once: rows with no more in them than the year shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from integration.activities.models import Activity, Session, SessionPlaces, SessionStatus, Venue, Visibility
from integration.activities.queries.sessions import texts_are_whole
from integration.activities.rules import YearSession
from integration.kernel.database import DbSession


def sessions_of_year(
    db_session: DbSession, year: int, own: Collection[int] | None = frozenset(), on: date | None = None
) -> list[YearSession]:
    """The sessions of a year (or of one day of it) by time, cancelled ones included.

    Those that everybody may see, and of the organisations in ``own`` (None: of all) every other one too.
    """
    is_public = sa.and_(Session.visibility == Visibility.PUBLIC, *texts_are_whole())
    seen = sa.true() if own is None else sa.or_(is_public, Activity.organisation_id.in_(list(own)))
    first_on, last_on = (on, on) if on else (date(year, 1, 1), date(year, 12, 31))
    rows = db_session.execute(
        sa.select(
            Session.key,
            Session.activity_id,
            Session.starts_at,
            Session.ends_at,
            Session.local_on,
            (Session.status == SessionStatus.CANCELLED).label("cancelled"),
            Session.kind,
            Session.title,
            Activity.title.label("general_title"),
            Venue.name,
            SessionPlaces.capacity,
            is_public.label("public"),
        )
        .join(Session.activity)
        .join(Session.places)
        .outerjoin(Session.venue)
        .where(Session.local_on.between(first_on, last_on), seen)
        .order_by(Session.starts_at, Session.id)
    )
    return [
        YearSession(
            key=row.key,
            activity_id=row.activity_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            local_on=row.local_on,
            cancelled=row.cancelled,
            kind=row.kind,
            title=row.title or row.general_title,
            venue=row.name,
            capacity=row.capacity,
            public=row.public,
        )
        for row in rows
    ]


def activities_of_year(db_session: DbSession, ids: Collection[int]) -> dict[int, Activity]:
    """These activities with who prepares them and when they rest."""
    statement = (
        sa.select(Activity)
        .where(Activity.id.in_(list(ids)))
        .options(
            joinedload(Activity.organisation, innerjoin=True),
            selectinload(Activity.partners),
            selectinload(Activity.pauses),
        )
    )
    return {each.id: each for each in db_session.scalars(statement)}
