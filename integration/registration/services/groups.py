"""Groups: a class or another group takes places by number; it is counted, and nobody in it is known."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session
from integration.activities.services import count_places, lock_places, take_places
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest, random_id
from integration.registration.errors import NotAnybody, SessionPast, SlotTaken
from integration.registration.models import GroupRegistration
from integration.registration.rules import require_open
from integration.registration.rules.groups import MOST_IN_GROUP
from integration.registration.services.filling import fill_locked
from integration.registration.services.writing import insert_unless_taken


def register_group(
    db_session: DbSession,
    session: Session,
    *,
    name: str,
    contact_name: str,
    adults: int,
    children: int,
    phone: str | None,
    email: str | None,
    help: str | None,
    language: str,
    form_token: str,
    now: datetime,
) -> GroupRegistration:
    """Take places for a group, all of them or none; sending the form again changes nothing.

    Raises SessionFull, NotAnybody, SlotTaken where times are individual, or a reason of ``rules.require_open``.
    """
    require_open(session, now)
    if session.slot_minutes is not None:
        raise SlotTaken
    _require_some(adults, children)
    form_digest = digest(f"group|{session.id}|{form_token}")
    made = insert_unless_taken(
        db_session,
        GroupRegistration,
        id=random_id(),
        session_id=session.id,
        name=name,
        contact_name=contact_name,
        phone=phone,
        email=email,
        help=help or None,
        adults=adults,
        children=children,
        language=language,
        form_digest=form_digest,
        created_at=now,
    )
    if made is None:
        return db_session.scalars(
            sa.select(GroupRegistration).where(GroupRegistration.form_digest == form_digest)
        ).one()
    take_places(db_session, session.id, adults + children)
    return made


def change_group(
    db_session: DbSession,
    actor: Actor,
    group: GroupRegistration,
    session: Session,
    *,
    adults: int,
    children: int,
    now: datetime,
) -> None:
    """Let a group be more or fewer, where there is room. Raises SessionFull, NotAnybody or SessionPast."""
    _require_staff(actor, session)
    _require_some(adults, children)
    if session.ends_at <= now:
        raise SessionPast
    places = lock_places(db_session, session.id)
    more = adults + children - group.adults - group.children
    if more > 0:
        take_places(db_session, session.id, more)
        db_session.refresh(places)
    elif more < 0:
        count_places(db_session, places, taken=more)
    group.adults, group.children = adults, children
    db_session.flush()
    fill_locked(db_session, session, places, now)
    _record(db_session, actor, group, now, people=adults + children)


def cancel_group(
    db_session: DbSession, actor: Actor, group: GroupRegistration, session: Session, now: datetime
) -> None:
    """Give a group's places back. Raises SessionPast."""
    _require_staff(actor, session)
    if session.ends_at <= now:
        raise SessionPast
    places = lock_places(db_session, session.id)
    cancelled = db_session.execute(
        sa.update(GroupRegistration)
        .where(GroupRegistration.id == group.id, GroupRegistration.cancelled_at.is_(None))
        .values(cancelled_at=now)
        .returning(GroupRegistration.adults + GroupRegistration.children)
        .execution_options(synchronize_session=False)
    ).scalar()
    if cancelled is not None:
        count_places(db_session, places, taken=-cancelled)
        fill_locked(db_session, session, places, now)
        db_session.expire(group)
        _record(db_session, actor, group, now, cancelled=True)


def _require_some(adults: int, children: int) -> None:
    if min(adults, children) < 0 or not 1 <= adults + children <= MOST_IN_GROUP:
        raise NotAnybody


def _require_staff(actor: Actor, session: Session) -> None:
    if not actor.can(Permission.SESSIONS_WRITE, session.activity.organisation_id):
        raise NotPermitted(session.id)


def _record(db_session: DbSession, actor: Actor, group: GroupRegistration, now: datetime, **facts: object) -> None:
    account_id = actor.account_id
    record(db_session, Audited.GROUP_CHANGED, "group", group.id, account_id=account_id, now=now, **facts)
