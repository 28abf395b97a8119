"""Individual times of a session: made in one step, and taken away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.rules import Actor
from integration.activities.errors import SlotsCollide, SlotsNeedSignUp, SlotsOutside
from integration.activities.models import Session, SignUpMode, Slot
from integration.activities.queries.slots import slot_count, slots_of
from integration.activities.rules.slots import PlannedSlot, collide
from integration.activities.services.changes import change_capacity
from integration.activities.services.sessions import require_permission
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession


def plan_slots(
    db_session: DbSession, actor: Actor, session: Session, planned: Sequence[PlannedSlot], *, now: datetime
) -> int:
    """Give a session these individual times as well; those that it has already stay. How many are new.

    From then on the session has as many places as times. Raises NotPermitted, SlotsNeedSignUp, SlotsOutside or
    SlotsCollide.
    """
    require_permission(actor, session.activity)
    _check(session, planned)
    lock_slots(db_session, session.id)
    known = slots_of(db_session, session.id)
    if any(collide(each, old.desk, old.starts_at, old.ends_at) for each in planned for old in known):
        raise SlotsCollide
    there = {(old.desk, old.starts_at) for old in known}
    new = [each for each in planned if (each.desk, each.starts_at) not in there]
    db_session.add_all(Slot(session_id=session.id, **each._asdict()) for each in new)
    if planned:
        session.slot_minutes = int((planned[0].ends_at - planned[0].starts_at).total_seconds() // 60)
    db_session.flush()
    _changed(db_session, actor, session, now, made=len(new))
    return len(new)


def change_slot_language(
    db_session: DbSession, actor: Actor, session: Session, slot_ids: Collection[int], language: str, *, now: datetime
) -> None:
    """Let the adviser at these times speak another language. Who may no longer change is the caller's to know."""
    require_permission(actor, session.activity)
    db_session.execute(_of(sa.update(Slot), session, slot_ids).values(language=language))
    _changed(db_session, actor, session, now, language=len(slot_ids))


def drop_slots(
    db_session: DbSession, actor: Actor, session: Session, slot_ids: Collection[int], *, now: datetime
) -> None:
    """Take these times away. That nobody has them is the caller's to know; without any the session has places again."""
    require_permission(actor, session.activity)
    db_session.execute(_of(sa.delete(Slot), session, slot_ids))
    if not slot_count(db_session, session.id):
        session.slot_minutes = None
        db_session.flush()
    _changed(db_session, actor, session, now, dropped=len(slot_ids))


def _check(session: Session, planned: Sequence[PlannedSlot]) -> None:
    if session.sensitive or session.sign_up == SignUpMode.NONE:
        raise SlotsNeedSignUp
    if any(each.starts_at < session.starts_at or each.ends_at > session.ends_at for each in planned):
        raise SlotsOutside


def lock_slots(db_session: DbSession, session_id: int) -> None:
    """Two people who make or remove the same session's times go one after the other; sign-ups go on meanwhile.

    Who needs the counters of the places as well locks them after this, as every change of a session does.
    """
    db_session.execute(sa.select(Session.id).where(Session.id == session_id).with_for_update(key_share=True))


def _of(statement: Any, session: Session, slot_ids: Collection[int]) -> Any:
    chosen = statement.where(Slot.session_id == session.id, Slot.id.in_(sorted(slot_ids)))
    return chosen.execution_options(synchronize_session=False)


def _changed(db_session: DbSession, actor: Actor, session: Session, now: datetime, **facts: object) -> None:
    """As many places as times; without any, as many as the activity has."""
    count = slot_count(db_session, session.id)
    session.modified_at = now
    db_session.flush()
    record(db_session, Audited.SLOTS_CHANGED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    change_capacity(db_session, actor, session, count or session.activity.capacity, now=now)
