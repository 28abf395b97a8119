"""Which sessions are settled: nothing more is expected of them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.activities.models import Session, SessionStatus
from integration.checkin.models import Closing
from integration.kernel.database import DbSession


def is_settled(now: datetime) -> sa.ColumnElement[bool]:
    """Closed by the organiser or by itself, or cancelled and over."""
    over = sa.and_(Session.status == SessionStatus.CANCELLED, Session.ends_at <= now)
    return sa.or_(sa.exists().where(Closing.session_id == Session.id), over)


def settled_sessions(db_session: DbSession, now: datetime) -> int:
    """How many sessions are settled."""
    return db_session.scalar(sa.select(sa.func.count()).select_from(Session).where(is_settled(now))) or 0
