"""Telling registration which cards were seen at what was held, so that it may thank them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from integration.activities.models import Session
from integration.checkin.models import Attendance, Closing
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.events import VisitorsCame

NEWS_FOR = timedelta(hours=36)
"""What was held longer ago is no news: whoever is counted later is not thanked."""


def tell_who_came(db_session: DbSession, now: datetime) -> None:
    """Publish the visitors of every session that was held lately. Safe to repeat: who has heard it does nothing."""
    rows = db_session.execute(
        sa.select(Attendance.session_id, Attendance.visitor_key)
        .join(Session, Session.id == Attendance.session_id)
        .join(Closing, Closing.session_id == Session.id)
        .where(
            Closing.held,
            Session.ends_at.between(now - NEWS_FOR, now),
            ~Session.sensitive,
            Attendance.visitor_key.is_not(None),
            Attendance.adults + Attendance.children > 0,
        )
        .order_by(Attendance.session_id, Attendance.id)
    ).all()
    for session_id, group in groupby(rows, key=lambda row: row[0]):
        publish(db_session, VisitorsCame(session_id, tuple(str(row[1]) for row in group), now))
