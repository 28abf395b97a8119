"""Counting heads one by one: a press is a scan, and the last one can be taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.audit.services import Audited, record
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.models import ScanKind
from integration.checkin.queries.tally import is_head_counted
from integration.checkin.rules import NOBODY, TALLY, Fact, category_people
from integration.checkin.services.record_scans import record_facts
from integration.checkin.services.restate import own_device, page_token
from integration.kernel.database import DbSession
from integration.kernel.tokens import derived_bytes


def count_one(
    db_session: DbSession, actor: Actor, session: Session, category: str, scan_id: UUID, card_key: str, now: datetime
) -> None:
    """Count one adult or one child (of an age); the same press sent again counts once.

    Raise NotPermitted, SessionIsCancelled, or KeyError for a category that is none.
    """
    people, age_group = category_people(category)
    token = _token(db_session, actor, session, card_key, now)
    scan = Fact(str(scan_id), ScanKind.HEADCOUNT, "", False, people, NOBODY, None, now, now, age_group=age_group)
    record_facts(db_session, token, [scan], now)


def uncount(db_session: DbSession, actor: Actor, session: Session, scan_id: UUID, card_key: str, now: datetime) -> None:
    """Take back heads that were counted here; doing it again changes nothing. Raise as ``count_one``."""
    token = _token(db_session, actor, session, card_key, now)
    if not is_head_counted(db_session, session.id, str(scan_id)):
        return
    undo_id = str(UUID(bytes=derived_bytes(card_key, "uncount", str(scan_id))[:16], version=5))
    undo = Fact(undo_id, ScanKind.UNDO, "", False, NOBODY, NOBODY, str(scan_id), now, now)
    record_facts(db_session, token, [undo], now)


def _token(db_session: DbSession, actor: Actor, session: Session, card_key: str, now: datetime) -> str:
    if not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        raise NotPermitted
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    token = page_token(card_key, TALLY, session.id)
    if own_device(db_session, session, token, TALLY, actor.account_id, now):
        record(db_session, Audited.DOOR_OPENED, "session", session.id, account_id=actor.account_id, now=now)
    return token
