"""Say how a session went: by the organiser at closing, or by itself an hour after its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import LanguageSupport, Session, SessionStatus
from integration.activities.services import confirm_partners, record_language_support, record_languages
from integration.audit.services import Audited, record
from integration.checkin import rules
from integration.checkin.errors import NobodyCounted, ReasonMissing, SessionNotBegun
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance, Closing
from integration.checkin.queries.counts import session_counts
from integration.checkin.rules import People
from integration.kernel.database import DbSession, insert_into
from integration.kernel.events import publish

_CLOSINGS: Any = Closing.__table__


@dataclass(frozen=True)
class Report:
    """What the organiser tells about a session. ``manual`` None: the door's count stands.

    ``languages`` None: nothing is said of what was spoken. ``although_nobody``: held, and really nobody came.
    """

    held: bool
    manual: People | None = None
    reason: str = ""
    note: str = ""
    language_support: tuple[LanguageSupport, ...] = ()
    partners_present: frozenset[int] = frozenset()
    languages: tuple[str, ...] | None = None
    although_nobody: bool = False


def close_session(db_session: DbSession, actor: Actor, session: Session, told: Report, now: datetime) -> Closing:
    """Confirm or correct how a session went; doing it again replaces what was said before.

    Raise NotPermitted, SessionNotBegun, ReasonMissing for a total that differs from the door's without a word why, or
    NobodyCounted until it is said that it was held although nobody was counted (rule 2).
    """
    if not actor.can(Permission.SESSIONS_CLOSE, session.activity.organisation_id):
        raise NotPermitted
    door = session_counts(db_session, [session.id], without_manual=True)[session.id]
    if now < session.starts_at and not door.total:
        raise SessionNotBegun
    if told.manual is not None and not told.reason and told.manual.total != door.total:
        raise ReasonMissing
    if told.held and not told.although_nobody and not (told.manual or door).total:
        raise NobodyCounted
    closing = db_session.merge(
        Closing(
            session_id=session.id,
            held=told.held,
            closed_at=now,
            account_id=actor.account_id,
            manual_adults=told.manual.adults if told.manual else None,
            manual_children=told.manual.children if told.manual else None,
            reason=told.reason or None,
            note=told.note or None,
        )
    )
    db_session.flush()
    confirm_partners(db_session, session.id, told.partners_present if told.held else (), now)
    record_language_support(db_session, session.id, told.language_support, now)
    if told.languages is not None:
        record_languages(db_session, session.id, told.languages, now)
    facts = {"held": told.held, "manual": told.manual.total if told.manual else None}
    record(db_session, Audited.SESSION_CLOSED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    publish(db_session, AttendanceChanged(session.id, now))
    return closing


def mark_held(db_session: DbSession, now: datetime) -> None:
    """Sessions in which somebody was counted are held an hour after their end (rule 2). Safe to repeat."""
    came = sa.exists().where(Attendance.session_id == Session.id, Attendance.adults + Attendance.children > 0)
    closed = sa.exists().where(Closing.session_id == Session.id)
    due = db_session.scalars(
        sa.select(Session.id).where(
            Session.ends_at <= now - rules.HELD_AFTER, Session.status == SessionStatus.PLANNED, came, ~closed
        )
    )
    for session_id in sorted(due):
        row = {"session_id": session_id, "held": True, "closed_at": now, "account_id": None}
        db_session.execute(
            insert_into(db_session, _CLOSINGS).values(row).on_conflict_do_nothing(index_elements=["session_id"])
        )
        publish(db_session, AttendanceChanged(session_id, now))
