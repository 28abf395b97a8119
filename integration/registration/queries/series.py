"""Reading series: the dates that can be had, a household's series, and how each of its dates stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session, SessionStatus, SignUpMode, Visibility
from integration.activities.queries import is_reachable
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import OPEN_STATES, Registration, Series, WaitingEntry

MOST_DATES = 60
"""So many dates on one page: a school year of weeks."""


@dataclass(frozen=True)
class SeriesDate:
    """A coming date of a series, and what the household has there: places, a turn in the queue, or nothing."""

    session: Session
    registration: Registration | None
    entry: WaitingEntry | None


def dates_to_join(db_session: DbSession, activity_id: int, now: datetime) -> list[Session]:
    """The coming dates of an activity that take sign-up, by time, whether they are full or not."""
    statement = (
        _coming(activity_id, now)
        .where(
            Session.status == SessionStatus.PLANNED,
            Session.sign_up != SignUpMode.NONE,
            Session.sensitive.is_(False),
            Session.sign_up_closed.is_(False),
            Session.slot_minutes.is_(None),
        )
        .limit(MOST_DATES)
    )
    return [each for each in db_session.scalars(statement) if is_reachable(each)]


def series_of(db_session: DbSession, household_id: int, series_id: int) -> Series:
    """One of the household's own series that it has not left; raises NotFound."""
    series = db_session.get(Series, series_id) if series_id < 2**63 else None
    if series is None or series.household_id != household_id or series.ended_at:
        raise NotFound(series_id)
    return series


def live_series(db_session: DbSession, household_id: int, ids: Collection[int | None]) -> list[Series]:
    """Those of the household's series with these ids that it has not left; asks nothing where there are none."""
    known = sorted({each for each in ids if each is not None})
    if not known:
        return []
    statement = sa.select(Series).where(
        Series.id.in_(known), Series.household_id == household_id, Series.ended_at.is_(None)
    )
    return list(db_session.scalars(statement.order_by(Series.created_at, Series.id)))


def series_of_activity(db_session: DbSession, activity_id: int, now: datetime) -> list[Series]:
    """The series of an activity that have a date to come, in the order of joining: they get dates added later."""
    has = sa.exists().where(
        Registration.series_id == Series.id,
        Registration.cancelled_at.is_(None),
        Registration.session_id == Session.id,
        Session.ends_at > now,
    )
    waits = sa.exists().where(
        WaitingEntry.series_id == Series.id,
        WaitingEntry.state.in_(OPEN_STATES),
        WaitingEntry.session_id == Session.id,
        Session.ends_at > now,
    )
    statement = (
        sa.select(Series)
        .where(Series.activity_id == activity_id, Series.ended_at.is_(None), sa.or_(has, waits))
        .order_by(Series.created_at, Series.id)
    )
    return list(db_session.scalars(statement))


def series_dates(db_session: DbSession, series: Series, now: datetime) -> list[SeriesDate]:
    """Every coming date of a series with what the household has there, by time."""
    has = sa.and_(
        Registration.session_id == Session.id,
        Registration.household_id == series.household_id,
        Registration.cancelled_at.is_(None),
    )
    waits = sa.and_(
        WaitingEntry.session_id == Session.id,
        WaitingEntry.household_id == series.household_id,
        WaitingEntry.state.in_(OPEN_STATES),
        WaitingEntry.is_increase.is_(False),
    )
    statement = (
        _coming(series.activity_id, now)
        .add_columns(Registration, WaitingEntry)
        .outerjoin(Registration, has)
        .outerjoin(WaitingEntry, waits)
        .where(Session.visibility != Visibility.CLOSED)
        .limit(MOST_DATES)
    )
    return [
        SeriesDate(session, registration, entry)
        for session, registration, entry in db_session.execute(statement)
        if registration or entry or is_reachable(session)
    ]


def _coming(activity_id: int, now: datetime) -> sa.Select[Session]:
    return (
        sa.select(Session)
        .where(Session.activity_id == activity_id, Session.ends_at > now)
        .options(
            joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True),
            joinedload(Session.venue),
            joinedload(Session.places, innerjoin=True),
        )
        .order_by(Session.starts_at, Session.id)
    )
