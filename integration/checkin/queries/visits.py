"""What is kept of a household's visits: they carry its card's key and nothing else of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, Session
from integration.checkin.models import Attendance, Scan
from integration.kernel.database import DbSession
from integration.registration.models import Card


def visits_of(db_session: DbSession, household_id: int) -> list[tuple[Attendance, Session, Activity]]:
    """Where the household was seen, and how many of it; the latest first."""
    found = db_session.execute(
        sa.select(Attendance, Session, Activity)
        .join(Session, Session.id == Attendance.session_id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(Attendance.visitor_key.in_(_keys(household_id)))
        .order_by(Attendance.first_at.desc(), Attendance.id)
    )
    return [(attendance, session, activity) for attendance, session, activity in found]


def held_of_visits(household_id: int) -> list[tuple[Any, Any]]:
    """The tables with a household's visits, each with the condition that finds its rows there."""
    return [(each.__table__, each.visitor_key.in_(_keys(household_id))) for each in (Attendance, Scan)]


def _keys(household_id: int) -> sa.Select[str]:
    return sa.select(Card.visitor_key).where(Card.household_id == household_id)
