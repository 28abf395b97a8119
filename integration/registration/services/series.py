"""Series: a household comes to all of an activity's dates but those it drops; each date is taken or waits by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from integration.activities.events import SessionAdded
from integration.activities.models import Activity, Session
from integration.activities.queries import is_reachable, sessions_by_id
from integration.activities.services import lock_places
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound, Refusal
from integration.kernel.events import publish
from integration.kernel.tokens import digest, random_id, random_token
from integration.registration.errors import NoSeries, NotAnybody
from integration.registration.events import SeriesJoined, SeriesLeft
from integration.registration.models import Card, Household, Registration, Series, WaitingEntry
from integration.registration.queries import (
    card_of_household,
    entry_by_form,
    live_registration,
    open_entry,
    registration_by_form,
)
from integration.registration.queries.series import series_dates, series_of_activity
from integration.registration.rules import People, require_open
from integration.registration.services.cards import issue_card
from integration.registration.services.giving_back import cancel_registration
from integration.registration.services.signing_up import register
from integration.registration.services.waiting import leave_queue
from integration.registration.services.writing import insert_unless_taken


class Joined(NamedTuple):
    """A household's series, and its card."""

    series: Series
    card: Card


class Wish(NamedTuple):
    """What the form of a series says about those who come."""

    name: str
    people: People
    phone: str | None
    email: str | None
    help: str | None
    language: str


def join_series(
    db_session: DbSession,
    activity: Activity,
    sessions: Sequence[Session],
    household: Household | None,
    wish: Wish,
    *,
    form_token: str,
    card_key: str,
    now: datetime,
) -> Joined:
    """Sign a household up for these dates of an activity, and for those added later; full dates wait.

    Sending the form again answers with what the first sending made. Dates are taken in the order of their ids,
    so that no two who join wait for each other. Raises NoSeries where none of the dates can be had, or NotAnybody.
    """
    chosen = sorted(sessions, key=lambda each: each.id)
    if not activity.series or not chosen or any(each.activity_id != activity.id for each in chosen):
        raise NoSeries
    if not wish.people.is_possible:
        raise NotAnybody
    lock_places(db_session, chosen[0].id)
    earlier = _made_before(db_session, chosen, form_token)
    if earlier is not None:
        return earlier
    if household is None:
        household = _new_household(db_session, wish, card_key, now)
    series = _begin(db_session, household.id, activity.id, wish.people, now)
    taken = [_take(db_session, series, each, household, wish, form_token, now) for each in chosen]
    if not any(taken):
        raise NoSeries
    publish(db_session, SeriesJoined(series.id, household.id, activity.id, now))
    return Joined(series, card_of_household(db_session, household.id))


def add_date(db_session: DbSession, series: Series, session: Session, household: Household, now: datetime) -> None:
    """Add one date to a household's series: taken, or waiting. Raises NoSeries or a reason of ``require_open``."""
    if session.activity_id != series.activity_id or session.slot_minutes is not None:
        raise NoSeries
    require_open(session, now)
    if not _take(db_session, series, session, household, _wish_of(series, household), random_token(), now):
        raise NoSeries


def leave_series(db_session: DbSession, series: Series, now: datetime) -> int:
    """Give back every coming date of the series and join no later ones; how many dates that were."""
    ended = db_session.execute(
        sa.update(Series)
        .where(Series.id == series.id, Series.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Series.id)
        .execution_options(synchronize_session=False)
    ).first()
    if ended is None:
        return 0
    db_session.expire(series)
    given_back = 0
    for date in sorted(series_dates(db_session, series, now), key=lambda each: each.session.id):
        registration, entry = date.registration, date.entry
        if registration is not None and registration.series_id == series.id:
            given_back += cancel_registration(db_session, registration, date.session, now, told=False)
        elif entry is not None and entry.series_id == series.id:
            given_back += leave_queue(db_session, entry, date.session, now)
    publish(db_session, SeriesLeft(series.id, series.household_id, series.activity_id, given_back, now))
    return given_back


def join_added_date(db_session: DbSession, news: SessionAdded) -> None:
    """A date was added to an activity: those in its series have it too, in the order in which they joined.

    Only series with a date to come: last term's families are not signed up for the next.
    """
    session = sessions_by_id(db_session, [news.session_id])[news.session_id]
    if not session.activity.series or session.slot_minutes is not None or not is_reachable(session):
        return
    for series in series_of_activity(db_session, session.activity_id, news.at):
        household = db_session.get_one(Household, series.household_id)
        _take(db_session, series, session, household, _wish_of(series, household), random_token(), news.at)


def _take(
    db_session: DbSession,
    series: Series,
    session: Session,
    household: Household,
    wish: Wish,
    form_token: str,
    now: datetime,
) -> bool:
    """Whether the date is the household's now, waits, or was so before: then it belongs to the series from now on."""
    had = live_registration(db_session, session.id, household.id) or open_entry(db_session, session.id, household.id)
    if had is not None:
        _adopt(db_session, series, had)
        return True
    try:
        with db_session.begin_nested():
            register(
                db_session,
                session,
                household,
                **wish._asdict(),
                form_token=form_token,
                card_key="",
                now=now,
                series_id=series.id,
                may_wait=True,
            )
    except Refusal:
        return False
    return True


def _adopt(db_session: DbSession, series: Series, had: Registration | WaitingEntry) -> None:
    had.series_id = series.id
    db_session.flush()


def _made_before(db_session: DbSession, sessions: Sequence[Session], form_token: str) -> Joined | None:
    """What an earlier sending of the same form made, seen at any of its dates."""
    for session in sessions:
        form_digest = digest(f"{session.id}|{form_token}")
        made = registration_by_form(db_session, form_digest) or entry_by_form(db_session, form_digest)
        series = db_session.get(Series, made.series_id) if made is not None and made.series_id else None
        if series is not None:
            return Joined(series, card_of_household(db_session, series.household_id))
    return None


def _new_household(db_session: DbSession, wish: Wish, card_key: str, now: datetime) -> Household:
    household = Household(
        id=random_id(), name=wish.name, phone=wish.phone, email=wish.email, language=wish.language, created_at=now
    )
    db_session.add(household)
    db_session.flush()
    issue_card(db_session, household.id, card_key, now)
    return household


def _begin(db_session: DbSession, household_id: int, activity_id: int, people: People, now: datetime) -> Series:
    """The household's series of this activity: a new one, or the one that it has, with the people of now."""
    numbers = vars(people)
    made = insert_unless_taken(
        db_session,
        Series,
        id=random_id(),
        household_id=household_id,
        activity_id=activity_id,
        created_at=now,
        **numbers,
    )
    if made is not None:
        return made
    live = db_session.scalars(
        sa.select(Series).where(
            Series.household_id == household_id, Series.activity_id == activity_id, Series.ended_at.is_(None)
        )
    ).one_or_none()
    if live is None:
        raise NotFound
    for name, number in numbers.items():
        setattr(live, name, number)
    db_session.flush()
    return live


def _wish_of(series: Series, household: Household) -> Wish:
    people = People(series.adults, series.children, series.children_0_6, series.children_7_12, series.children_13_17)
    return Wish(household.name or "", people, None, None, None, household.language)
