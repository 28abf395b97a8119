"""Giving places back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.activities.models import Session, SessionPlaces
from integration.activities.services import count_places, lock_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.errors import SessionPast
from integration.registration.events import RegistrationCancelled
from integration.registration.models import Registration
from integration.registration.queries import coming_registrations, open_entry, waiting_of_household
from integration.registration.services.filling import fill_locked
from integration.registration.services.waiting import drop_entry, leave_queue


def cancel_registration(
    db_session: DbSession, registration: Registration, session: Session, now: datetime, *, told: bool = True
) -> bool:
    """Give the household's places back; False when they were given back before. Raises SessionPast.

    ``told`` says whether a message confirms it: not where staff have told the household themselves.
    """
    if session.ends_at <= now:
        raise SessionPast
    places = lock_places(db_session, session.id)
    cancelled = db_session.execute(
        sa.update(Registration)
        .where(Registration.id == registration.id, Registration.cancelled_at.is_(None))
        .values(cancelled_at=now)
        .returning(Registration.adults, Registration.children)
        .execution_options(synchronize_session=False)
    ).first()
    if cancelled is None:
        return False
    count_places(db_session, places, taken=-sum(cancelled))
    _withdraw_wish(db_session, registration, places, now)
    publish(db_session, RegistrationCancelled(registration.id, session.id, registration.household_id, now, told))
    fill_locked(db_session, session, places, now)
    db_session.expire(registration)
    return True


def cancel_everything(db_session: DbSession, household_id: int, now: datetime) -> int:
    """Give back everything that the household has coming, and leave every queue; how many that were."""
    held = {
        session.id: (registration, session)
        for registration, session in coming_registrations(db_session, household_id, now)
    }
    waits = {
        each.session.id: each for each in waiting_of_household(db_session, household_id, now) if each.entry.is_open
    }
    done = 0
    for session_id in sorted(held.keys() | waits.keys()):
        if session_id in held:
            done += cancel_registration(db_session, *held[session_id], now)
        elif leave_queue(db_session, waits[session_id].entry, waits[session_id].session, now):
            done += 1
    return done


def _withdraw_wish(db_session: DbSession, registration: Registration, places: SessionPlaces, now: datetime) -> None:
    """Who does not come does not wait for more."""
    if places.waiting or places.offered:
        wish = open_entry(db_session, registration.session_id, registration.household_id)
        if wish is not None:
            drop_entry(db_session, wish, places, now)
