"""Individual times with who has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Slot
from integration.kernel.database import DbSession
from integration.registration.models import Registration


@dataclass(frozen=True)
class Booked:
    """An individual time, and the registration that has it."""

    slot: Slot
    registration: Registration | None


def free_slots(db_session: DbSession, session_id: int, now: datetime) -> list[Slot]:
    """The individual times that can still be booked, by time and desk."""
    statement = (
        sa.select(Slot)
        .where(Slot.session_id == session_id, Slot.starts_at > now, ~_taken())
        .order_by(Slot.starts_at, Slot.desk)
    )
    return list(db_session.scalars(statement))


def free_slot(db_session: DbSession, session_id: int, slot_id: int, now: datetime) -> Slot | None:
    """This individual time of the session, if it can still be booked; it stays until the transaction ends."""
    statement = (
        sa.select(Slot)
        .where(Slot.id == slot_id, Slot.session_id == session_id, Slot.starts_at > now, ~_taken())
        .with_for_update(read=True, key_share=True)
    )
    return db_session.scalar(statement)


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
    """Those of these individual times that nobody has."""
    statement = sa.select(Slot.id).where(Slot.session_id == session_id, Slot.id.in_(list(slot_ids)), ~_taken())
    return list(db_session.scalars(statement))


def _taken() -> sa.Exists:
    return sa.exists().where(Registration.slot_id == Slot.id, Registration.cancelled_at.is_(None))
