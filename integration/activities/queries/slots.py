"""Reading the individual times of a session; who has them is registration's to know."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session, SessionStatus, Slot
from integration.kernel.database import DbSession


def slots_of(db_session: DbSession, session_id: int) -> list[Slot]:
    """A session's individual times, by time and desk."""
    statement = sa.select(Slot).where(Slot.session_id == session_id).order_by(Slot.starts_at, Slot.desk)
    return list(db_session.scalars(statement))


def slot_count(db_session: DbSession, session_id: int) -> int:
    """How many individual times a session has."""
    return db_session.scalar(sa.select(sa.func.count()).where(Slot.session_id == session_id)) or 0


def sessions_without_slots(db_session: DbSession, session: Session, now: datetime) -> list[Session]:
    """The other sessions to come of the same activity that have no individual times yet, by time."""
    statement = (
        sa.select(Session)
        .where(
            Session.activity_id == session.activity_id,
            Session.id != session.id,
            Session.starts_at > now,
            Session.status == SessionStatus.PLANNED,
            Session.slot_minutes.is_(None),
        )
        .options(joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True))
        .options(joinedload(Session.places, innerjoin=True))
        .order_by(Session.starts_at, Session.id)
        .limit(100)
    )
    return list(db_session.scalars(statement))
