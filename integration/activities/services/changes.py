"""What happens to a session after it was made: moved, cancelled, restored, sign-up opened and closed."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.rules import Actor
from integration.activities.errors import SessionCancelledAlready
from integration.activities.events import SessionCancelled, SessionMoved, SessionRestored
from integration.activities.models import Session, SessionStatus
from integration.activities.services.sessions import check_times, require_permission, tell
from integration.activities.services.slot_times import move_slots
from integration.audit.services import Audited, record
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.kernel.events import publish


def move_session(
    db_session: DbSession,
    actor: Actor,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    *,
    venue_id: int | None,
    now: datetime,
) -> None:
    """Give a session another time or venue; it stays its rule's occurrence. Moving nowhere changes nothing."""
    require_permission(actor, session.activity)
    check_times(starts_at, ends_at)
    if session.status == SessionStatus.CANCELLED:
        raise SessionCancelledAlready
    if (session.starts_at, session.ends_at, session.venue_id) == (starts_at, ends_at, venue_id):
        return
    facts: dict[str, object] = {"from": session.starts_at.isoformat(), "to": starts_at.isoformat()}
    if session.slot_minutes is not None:
        move_slots(db_session, session.id, starts_at - session.starts_at)
    session.starts_at, session.ends_at, session.venue_id = starts_at, ends_at, venue_id
    session.local_on = local_date(starts_at)
    _followed_by_calendars(session, now)
    db_session.flush()
    db_session.expire(session, ["venue"])
    _record(db_session, Audited.SESSION_MOVED, actor, session, now, **facts)
    publish(db_session, SessionMoved(session.id, now))
    tell(db_session, session, now, facts_too=True)


def cancel_session(db_session: DbSession, actor: Actor, session: Session, *, now: datetime) -> None:
    """Say that a session will not be held: at once and whatever texts are missing (rules 14 and 15)."""
    require_permission(actor, session.activity)
    if session.status == SessionStatus.CANCELLED:
        return
    session.status = SessionStatus.CANCELLED
    _followed_by_calendars(session, now)
    db_session.flush()
    _record(db_session, Audited.SESSION_CANCELLED, actor, session, now)
    publish(db_session, SessionCancelled(session.id, now))
    tell(db_session, session, now, facts_too=True)


def restore_session(db_session: DbSession, actor: Actor, session: Session, *, now: datetime) -> None:
    """Take back a cancellation."""
    require_permission(actor, session.activity)
    if session.status == SessionStatus.PLANNED:
        return
    session.status = SessionStatus.PLANNED
    _followed_by_calendars(session, now)
    db_session.flush()
    _record(db_session, Audited.SESSION_RESTORED, actor, session, now)
    publish(db_session, SessionRestored(session.id, now))
    tell(db_session, session, now, facts_too=True)


def close_sign_up(db_session: DbSession, actor: Actor, session: Session, *, now: datetime) -> None:
    """Take no more sign-ups before the start; those who have signed up keep their places."""
    _set_sign_up(db_session, actor, session, now, closed=True)


def open_sign_up(db_session: DbSession, actor: Actor, session: Session, *, now: datetime) -> None:
    """Take sign-ups again."""
    _set_sign_up(db_session, actor, session, now, closed=False)


def change_capacity(
    db_session: DbSession, actor: Actor, session: Session, capacity: int | None, *, now: datetime
) -> None:
    """Set how many people fit (None: no limit). Lowering drops nobody: the session is then over by n (rule 13)."""
    require_permission(actor, session.activity)
    if session.places.capacity == capacity:
        return
    session.places.capacity = capacity
    session.modified_at = now
    db_session.flush()
    _record(db_session, Audited.SESSION_SAVED, actor, session, now, changed=["capacity"], capacity=capacity)
    tell(db_session, session, now, facts_too=False)


def _set_sign_up(db_session: DbSession, actor: Actor, session: Session, now: datetime, *, closed: bool) -> None:
    require_permission(actor, session.activity)
    if session.sign_up_closed == closed:
        return
    session.sign_up_closed = closed
    session.modified_at = now
    db_session.flush()
    _record(db_session, Audited.SESSION_SAVED, actor, session, now, changed=["sign_up_closed"], closed=closed)
    tell(db_session, session, now, facts_too=False)


def _followed_by_calendars(session: Session, now: datetime) -> None:
    session.sequence += 1
    session.modified_at = now


def _record(
    db_session: DbSession, action: Audited, actor: Actor, session: Session, now: datetime, **facts: object
) -> None:
    record(db_session, action, "session", session.id, account_id=actor.account_id, now=now, **facts)
