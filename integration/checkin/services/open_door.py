"""Open a session's door on a phone, or count heads without one."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.audit.services import Audited, record
from integration.checkin import rules
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.models import DoorDevice, ScanKind
from integration.checkin.rules import People
from integration.checkin.services.record_scans import Answer, record_scans
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest, random_token


def open_door(db_session: DbSession, actor: Actor, session: Session, name: str, now: datetime) -> str:
    """Make this phone a door of the session; the bearer token that it scans with, which is told only here.

    Raise NotPermitted or SessionIsCancelled.
    """
    if not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        raise NotPermitted
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    token = random_token()
    opens_at, closes_at = rules.device_window(session.starts_at, session.ends_at, now)
    device = DoorDevice(
        session_id=session.id,
        name=name[:40],
        token_digest=digest(token),
        account_id=actor.account_id,
        paired_at=now,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    db_session.add(device)
    db_session.flush()
    record(db_session, Audited.DOOR_OPENED, "session", session.id, account_id=actor.account_id, now=now)
    return token


def count_heads(
    db_session: DbSession, actor: Actor, session: Session, people: People, form_id: str, now: datetime
) -> Answer:
    """Count people who came without being scanned; ``form_id`` (a UUID) makes sending the form twice count once."""
    token = open_door(db_session, actor, session, rules.TALLY, now)
    scan = {"id": form_id, "kind": ScanKind.HEADCOUNT, "adults": people.adults, "children": people.children}
    return record_scans(db_session, token, [scan], now)[0]
