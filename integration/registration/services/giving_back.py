"""Giving places back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.activities.models import Session
from integration.activities.services import release_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.errors import SessionPast
from integration.registration.events import RegistrationCancelled
from integration.registration.models import Registration


def cancel_registration(
    db_session: DbSession, registration: Registration, session: Session, now: datetime, *, told: bool = True
) -> bool:
    """Give the household's places back; False when they were given back before. Raises SessionPast.

    ``told`` says whether a message confirms it: not where staff have told the household themselves.
    """
    if session.ends_at <= now:
        raise SessionPast
    cancelled = db_session.execute(
        sa.update(Registration)
        .where(Registration.id == registration.id, Registration.cancelled_at.is_(None))
        .values(cancelled_at=now)
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    ).first()
    if cancelled is None:
        return False
    publish(db_session, RegistrationCancelled(registration.id, session.id, registration.household_id, now, told))
    release_places(db_session, session.id, registration.adults + registration.children)
    db_session.expire(registration)
    return True
