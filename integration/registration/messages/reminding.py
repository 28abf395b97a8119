"""Reminders: the day before, and two hours before for those who wish it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Session, SessionStatus, Slot
from integration.kernel.clock import local, local_date, midnight
from integration.kernel.database import DbSession
from integration.registration.messages.reach import Manner, fact_of, tell
from integration.registration.models import Household, Registration

REMINDED_FROM_HOUR = 9
"""Reminders leave the day before, by daylight."""
SOON = timedelta(hours=2)
JUST_TOLD = timedelta(hours=1)
"""Who signed up so shortly before the reminder has been told a moment ago."""


def queue_reminders(db_session: DbSession, now: datetime) -> None:
    """Remind of tomorrow's sessions, once for each date; not those who signed up today, who have just been told."""
    if local(now).hour < REMINDED_FROM_HOUR:
        return
    today = local_date(now)
    rows = db_session.execute(
        _coming().where(
            Session.local_on == today + timedelta(days=1),
            Registration.created_at < midnight(today),
            sa.or_(Household.email.is_not(None), Household.phone.is_not(None)),
            Household.reminders,
        )
    )
    for registration, session in rows:
        fact = fact_of("reminder", registration, registration.household, f":{session.local_on:%Y%m%d}")
        tell(db_session, registration.household, fact, now=now)


def queue_soon_reminders(db_session: DbSession, now: datetime) -> None:
    """Remind by SMS of what begins in two hours, those who wish it; an early session too, for they asked for it."""
    starts_at = sa.func.coalesce(Slot.starts_at, Session.starts_at)
    rows = db_session.execute(
        _coming()
        .outerjoin(Slot, Slot.id == Registration.slot_id)
        .where(
            Session.starts_at <= now + SOON,
            Session.ends_at > now,
            starts_at > now,
            starts_at <= now + SOON,
            Registration.created_at < now - JUST_TOLD,
            Household.phone.is_not(None),
            Household.sms_reminders,
        )
    )
    for registration, session in rows:
        slot = registration.slot
        version = f":{(slot or session).starts_at:%Y%m%d%H%M}"
        fact = fact_of("reminder_soon", registration, registration.household, version)
        tell(db_session, registration.household, fact, now=now, manner=Manner.QUICK_ONLY, at_night=True)


def _coming() -> sa.Select[Registration, Session]:
    return (
        sa.select(Registration, Session)
        .join(Session, Session.id == Registration.session_id)
        .join(Household, Household.id == Registration.household_id)
        .where(Session.status == SessionStatus.PLANNED, Registration.cancelled_at.is_(None))
        .options(joinedload(Registration.household, innerjoin=True))
    )
