"""Codes by which people mark themselves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Session, SessionStatus
from integration.checkin.models import SelfCheckInCode
from integration.checkin.rules import self_check_in_window
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest


def live_code(db_session: DbSession, session_id: int) -> SelfCheckInCode | None:
    """The code of a session, if its organiser has made one."""
    living = (SelfCheckInCode.session_id == session_id, SelfCheckInCode.revoked_at.is_(None))
    return db_session.scalar(sa.select(SelfCheckInCode).where(*living))


def session_of_code(db_session: DbSession, secret: str, now: datetime) -> Session | None:
    """The session at which the code with this secret may be used just now; None tells nothing of why."""
    session = db_session.scalar(
        sa.select(Session)
        .join(SelfCheckInCode, SelfCheckInCode.session_id == Session.id)
        .where(
            SelfCheckInCode.secret_digest == digest(secret.upper()),
            SelfCheckInCode.revoked_at.is_(None),
            Session.status == SessionStatus.PLANNED,
            ~Session.sensitive,
        )
        .options(joinedload(Session.activity, innerjoin=True), joinedload(Session.venue))
    )
    if session is None:
        return None
    opens_at, closes_at = self_check_in_window(session.starts_at, session.ends_at)
    return session if opens_at <= now <= closes_at else None
