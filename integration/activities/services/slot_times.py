"""Individual times go with their session when it is moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Slot
from integration.activities.queries.slots import slots_of
from integration.kernel.database import DbSession

_SLOTS: Any = Slot.__table__
_MOVE = (
    sa.update(_SLOTS)
    .where(_SLOTS.c.id == sa.bindparam("number"))
    .values(starts_at=sa.bindparam("starts"), ends_at=sa.bindparam("ends"))
)


def move_slots(db_session: DbSession, session_id: int, by: timedelta) -> None:
    """Let a session's times go with it; in the order in which none passes over another."""
    found = sorted(slots_of(db_session, session_id), key=lambda slot: slot.starts_at, reverse=by > timedelta())
    if found and by:
        rows = [{"number": each.id, "starts": each.starts_at + by, "ends": each.ends_at + by} for each in found]
        db_session.execute(_MOVE, rows)
        for each in found:
            db_session.expire(each)
