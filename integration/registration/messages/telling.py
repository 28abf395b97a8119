"""When households are told: news of registrations and sessions become messages, in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.events import SessionCancelled, SessionMoved, SessionRestored
from integration.activities.models import Session, SessionStatus
from integration.kernel.clock import local, local_date, midnight
from integration.kernel.database import DbSession
from integration.mail.services import Fact, drop_messages_of, queue_message
from integration.registration.events import HouseholdDeleted, HouseholdRegistered, RegistrationCancelled
from integration.registration.models import Household, Registration
from integration.registration.queries import registrations_of_session

HOUSEHOLD = "household"
REMINDED_FROM_HOUR = 9
"""Reminders leave the day before, by daylight."""


def confirm(db_session: DbSession, news: HouseholdRegistered) -> None:
    """A household has places: say so to those who gave an address; the page says it to everybody."""
    _tell_of_registration(db_session, "confirmation", news)


def confirm_giving_back(db_session: DbSession, news: RegistrationCancelled) -> None:
    """A household gave its places back: say so, and take the entry out of its calendar."""
    if news.told:
        _tell_of_registration(db_session, "places_given_back", news)


def tell_of_moving(db_session: DbSession, news: SessionMoved) -> None:
    """A session has another time or place: everybody who is signed up must know."""
    _tell_everybody(db_session, "session_moved", news.session_id, news.at)


def tell_of_cancelling(db_session: DbSession, news: SessionCancelled) -> None:
    """A session will not be held: everybody who is signed up must know."""
    _tell_everybody(db_session, "session_cancelled", news.session_id, news.at)


def tell_of_restoring(db_session: DbSession, news: SessionRestored) -> None:
    """A cancelled session will be held after all: everybody who is signed up must know."""
    _tell_everybody(db_session, "session_restored", news.session_id, news.at)


def forget_messages(db_session: DbSession, news: HouseholdDeleted) -> None:
    """A household deleted itself: nothing that still waits is sent."""
    drop_messages_of(db_session, HOUSEHOLD, news.household_id)


def queue_reminders(db_session: DbSession, now: datetime) -> None:
    """Remind of tomorrow's sessions, once for each date; not those who signed up today, who have just been told."""
    if local(now).hour < REMINDED_FROM_HOUR:
        return
    today = local_date(now)
    rows = db_session.execute(
        sa.select(Registration, Session)
        .join(Session, Session.id == Registration.session_id)
        .join(Household, Household.id == Registration.household_id)
        .where(
            Session.local_on == today + timedelta(days=1),
            Session.status == SessionStatus.PLANNED,
            Registration.cancelled_at.is_(None),
            Registration.created_at < midnight(today),
            Household.email.is_not(None),
            Household.reminders,
        )
        .options(joinedload(Registration.household, innerjoin=True))
    )
    for registration, session in rows:
        fact = _fact("reminder", registration, registration.household, f":{session.local_on:%Y%m%d}")
        queue_message(db_session, fact, now=now)


def _tell_of_registration(db_session: DbSession, kind: str, news: HouseholdRegistered | RegistrationCancelled) -> None:
    household = db_session.get_one(Household, news.household_id)
    if household.email:
        registration = db_session.get_one(Registration, news.registration_id)
        queue_message(db_session, _fact(kind, registration, household), now=news.at)


def _tell_everybody(db_session: DbSession, kind: str, session_id: int, at: datetime) -> None:
    """One message per household; without an address it stands as could not be told, so that staff may call."""
    session = db_session.get_one(Session, session_id)
    if session.ends_at <= at:
        return
    for registration in registrations_of_session(db_session, session_id):
        household = registration.household
        fact = _fact(kind, registration, household, f":{session.sequence}")
        queue_message(db_session, fact, now=at, reachable=bool(household.email))


def _fact(kind: str, registration: Registration, household: Household, version: str = "") -> Fact:
    return Fact(
        key=f"{kind}:{registration.id}{version}",
        kind=kind,
        recipient_kind=HOUSEHOLD,
        recipient_id=household.id,
        language=household.language,
        about=f"session:{registration.session_id}",
        facts={"registration": registration.id, "session": registration.session_id},
    )
