"""Individual times with who has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Slot
from integration.kernel.database import DbSession
from integration.registration.models import Registration, WaitingEntry, WaitingState


@dataclass(frozen=True)
class Booked:
    """An individual time, and the registration that has it."""

    slot: Slot
    registration: Registration | None


def free_slots(db_session: DbSession, session_id: int, now: datetime, *, awaited: bool = False) -> list[Slot]:
    """The individual times that can still be booked, by time and desk.

    Not those for which somebody waits (rule 13), unless ``awaited``: for the queue itself, and for those who
    have a place and no time yet.
    """
    statement = (
        sa.select(Slot)
        .where(Slot.session_id == session_id, Slot.starts_at > now, *_nobodys(awaited=awaited))
        .order_by(Slot.starts_at, Slot.desk)
        .execution_options(populate_existing=True)
    )
    return list(db_session.scalars(statement))


def free_slot(
    db_session: DbSession, session_id: int, slot_id: int, now: datetime, *, awaited: bool = False
) -> Slot | None:
    """This individual time of the session, if it can still be booked; it stays until the transaction ends."""
    statement = (
        sa.select(Slot)
        .where(Slot.id == slot_id, Slot.session_id == session_id, Slot.starts_at > now, *_nobodys(awaited=awaited))
        .with_for_update(read=True, key_share=True)
    )
    return db_session.scalar(statement)


def kept_slots(db_session: DbSession, session_id: int) -> dict[int, WaitingEntry]:
    """Who is offered which individual time of a session, by the time's id."""
    offered = sa.select(WaitingEntry).where(
        WaitingEntry.session_id == session_id,
        WaitingEntry.state == WaitingState.OFFERED,
        WaitingEntry.slot_id.is_not(None),
    )
    found = db_session.scalars(offered.options(joinedload(WaitingEntry.household)))
    return {each.slot_id: each for each in found if each.slot_id is not None}


def booked_slots(db_session: DbSession, session_id: int) -> list[Booked]:
    """Every individual time of a session, with the household that has it, by time and desk."""
    rows = db_session.execute(
        sa.select(Slot, Registration)
        .outerjoin(Registration, sa.and_(Registration.slot_id == Slot.id, Registration.cancelled_at.is_(None)))
        .where(Slot.session_id == session_id)
        .options(joinedload(Registration.household))
        .order_by(Slot.starts_at, Slot.desk)
    )
    return [Booked(slot, registration) for slot, registration in rows]


def without_time(db_session: DbSession, session_id: int) -> int:
    """How many live registrations of a session with individual times have none."""
    statement = sa.select(sa.func.count()).where(
        Registration.session_id == session_id, Registration.cancelled_at.is_(None), Registration.slot_id.is_(None)
    )
    return db_session.scalar(statement) or 0


def untaken(db_session: DbSession, session_id: int, slot_ids: Iterable[int]) -> list[int]:
    """Those of these individual times that nobody has, or is offered."""
    statement = sa.select(Slot.id).where(
        Slot.session_id == session_id, Slot.id.in_(list(slot_ids)), *_nobodys(awaited=True)
    )
    return list(db_session.scalars(statement))


def _nobodys(*, awaited: bool) -> tuple[sa.ColumnElement[bool], ...]:
    """Nobody has the time or is offered it; nor, unless ``awaited``, does anybody wait for one such."""
    taken = sa.exists().where(Registration.slot_id == Slot.id, Registration.cancelled_at.is_(None))
    kept = sa.exists().where(WaitingEntry.slot_id == Slot.id, WaitingEntry.state == WaitingState.OFFERED)
    waits = sa.exists().where(
        WaitingEntry.session_id == Slot.session_id,
        WaitingEntry.state == WaitingState.WAITING,
        sa.or_(WaitingEntry.slot_language.is_(None), WaitingEntry.slot_language == Slot.language),
    )
    return (~taken, ~kept) if awaited else (~taken, ~kept, ~waits)
