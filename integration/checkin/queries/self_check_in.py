"""Codes by which people mark themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Session, SessionStatus
from integration.checkin.models import Attendance, SelfCheckInCode, Source
from integration.checkin.rules import NOBODY, People, self_check_in_window
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest


@dataclass(frozen=True)
class Visit:
    """How many of a card's household are counted at a session, and whether a door or the sheet has seen them."""

    people: People = NOBODY
    at_door: bool = False


def visits_at(db_session: DbSession, session_id: int, visitor_keys: Collection[str]) -> dict[str, Visit]:
    """What is counted under these cards' keys."""
    if not visitor_keys:
        return {}
    rows = db_session.execute(
        sa.select(Attendance.visitor_key, Attendance.adults, Attendance.children, Attendance.source).where(
            Attendance.session_id == session_id, Attendance.visitor_key.in_(list(visitor_keys))
        )
    )
    return {
        key or "": Visit(People(adults, children), source != Source.SELF_MARKED)
        for key, adults, children, source in rows
    }


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
