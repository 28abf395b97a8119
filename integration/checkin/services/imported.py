"""Visits that were counted elsewhere and before: imported ones, held apart from what a door counts (rule 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session
from integration.checkin.models import Attendance, Closing, DoorDevice, Source
from integration.kernel.database import DbSession

_CAME: Any = Attendance.__table__


@dataclass(frozen=True, slots=True)
class Imported:
    """How many came to a session, by a list; ``origin`` names the row that says so, at most 36 characters."""

    session_id: int
    origin: str
    adults: int
    children: int


def count_imported(db_session: DbSession, visits: Sequence[Imported], *, account_id: int | None, now: datetime) -> None:
    """Let these sessions have been held with so many people. Nobody among them is known: V grows, U does not."""
    _add_attendance(db_session, visits, now)
    _close(db_session, [each.session_id for each in visits], account_id, now)


def recount_imported(
    db_session: DbSession, visits: Sequence[Imported], *, account_id: int | None, now: datetime
) -> None:
    """Replace what an import said of these sessions before."""
    ids = [each.session_id for each in visits]
    _drop_attendance(db_session, ids)
    _add_attendance(db_session, visits, now)
    closed = set(db_session.scalars(sa.select(Closing.session_id).where(Closing.session_id.in_(ids))))
    _close(db_session, [each for each in ids if each not in closed], account_id, now)


def uncount_imported(db_session: DbSession, ids: Collection[int]) -> set[int]:
    """Take imported visits back. Returns the sessions that a door has counted at since, which stay."""
    _drop_attendance(db_session, ids)
    at_a_door = sa.select(DoorDevice.session_id).where(DoorDevice.session_id.in_(ids))
    counted = sa.select(Attendance.session_id).where(Attendance.session_id.in_(ids))
    stays = set(db_session.scalars(at_a_door)) | set(db_session.scalars(counted))
    goes = [each for each in ids if each not in stays]
    db_session.execute(_quietly(sa.delete(Closing)).where(Closing.session_id.in_(goes)))
    return stays


def _add_attendance(db_session: DbSession, visits: Sequence[Imported], now: datetime) -> None:
    if rows := [_attendance(each, now) for each in visits if each.adults + each.children]:
        db_session.execute(sa.insert(_CAME), rows)


def _close(db_session: DbSession, ids: Sequence[int], account_id: int | None, now: datetime) -> None:
    if not ids:
        return
    said = (sa.true(), sa.literal(now, Closing.closed_at.type), sa.literal(account_id, sa.Integer))
    columns = ["session_id", "held", "closed_at", "account_id"]
    held = sa.select(Session.id, *said).where(Session.id.in_(ids))
    db_session.execute(sa.insert(Closing).from_select(columns, held, include_defaults=True))


def _attendance(each: Imported, now: datetime) -> dict[str, Any]:
    return {
        "session_id": each.session_id,
        "visitor_key": None,
        "scan_id": each.origin,
        "source": Source.IMPORTED,
        "arrived_adults": each.adults,
        "arrived_children": each.children,
        "beyond_adults": 0,
        "beyond_children": 0,
        "first_at": now,
    }


def _drop_attendance(db_session: DbSession, ids: Collection[int]) -> None:
    db_session.execute(
        _quietly(sa.delete(Attendance)).where(Attendance.session_id.in_(ids), Attendance.source == Source.IMPORTED)
    )


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
