"""People who are there mark themselves: the code on the screen or poster, and what a phone says."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.audit.services import Audited, record
from integration.checkin.errors import CodeNotUsable, NoSelfCheckIn, SessionIsCancelled
from integration.checkin.models import ScanKind, SelfCheckInCode
from integration.checkin.queries.self_check_in import session_of_code
from integration.checkin.rules import SELF, As, People, said_of
from integration.checkin.services.restate import Desk, Line, own_device, page_token, restate, said_before
from integration.kernel.database import DbSession
from integration.kernel.tokens import derived_secret, digest, random_id


def code_secret(card_key: str, code_id: int) -> str:
    """The secret of a code: derived, so that screen and poster show the same; the database has its digest."""
    return derived_secret(card_key, "self_check_in", code_id)


def renew_code(db_session: DbSession, actor: Actor, session: Session, card_key: str, now: datetime) -> SelfCheckInCode:
    """Make the session's code; the one before it dies. Raise NotPermitted, NoSelfCheckIn or SessionIsCancelled."""
    withdraw_code(db_session, actor, session, now)
    if session.sensitive:
        raise NoSelfCheckIn
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    code_id = random_id()
    code = SelfCheckInCode(
        id=code_id,
        session_id=session.id,
        secret_digest=digest(code_secret(card_key, code_id)),
        account_id=actor.account_id,
        created_at=now,
    )
    db_session.add(code)
    db_session.flush()
    record(db_session, Audited.SELF_CHECK_IN_OPENED, "session", session.id, account_id=actor.account_id, now=now)
    return code


def withdraw_code(db_session: DbSession, actor: Actor, session: Session, now: datetime) -> None:
    """Let nobody mark themselves any more until a new code is made. Raise NotPermitted."""
    if not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        raise NotPermitted
    live = (SelfCheckInCode.session_id == session.id, SelfCheckInCode.revoked_at.is_(None))
    db_session.execute(sa.update(SelfCheckInCode).where(*live).values(revoked_at=now))


def mark_themselves(
    db_session: DbSession, secret: str, who: As, people: People, card_key: str, now: datetime
) -> Session:
    """Count the people who mark themselves, or correct how many they are; saying it again changes nothing.

    Raise CodeNotUsable for a code that is not the session's, not now, or not any more.
    """
    session = session_of_code(db_session, secret, now)
    if session is None:
        raise CodeNotUsable
    desk = _desk(session.id, card_key)
    own_device(db_session, session, desk.token, SELF, None, now)
    digest_of = {who.line: who.card.pass_digest} if who.card else {}
    lines = {name: Line(said, card_digest=digest_of.get(name, "")) for name, said in said_of(who, people).items()}
    restate(db_session, desk, lines, now)
    return session


def marked_before(db_session: DbSession, session_id: int, who: As, card_key: str) -> People:
    """How many they have said they are; nobody if they have not."""
    return said_before(db_session, _desk(session_id, card_key), [who.line])[who.line]


def _desk(session_id: int, card_key: str) -> Desk:
    return Desk(session_id, page_token(card_key, SELF, session_id), card_key, ScanKind.SELF_MARKED)
