"""The live view: how many are in, by door, by source, and per five minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Attendance, DoorDevice, Scan, ScanDecision, Source
from integration.checkin.queries.live import IS_LIVE
from integration.checkin.rules import NOBODY, People
from integration.kernel.database import DbSession

STEP = timedelta(minutes=5)
MOST_STEPS = 36
"""Three hours; a longer session shows its latest ones."""

_SCANS: Any = Scan.__table__


@dataclass
class Arrivals:
    """Who is in the room, from where and when. Everybody stands once in each of the three."""

    people: People = NOBODY
    doors: dict[str, int] = field(default_factory=dict)
    sources: dict[Source, int] = field(default_factory=dict)
    steps: list[tuple[datetime, int]] = field(default_factory=list)
    """Each five minutes from the first arrival to the last, with how many came in them."""


def arrivals_version(db_session: DbSession, session_id: int) -> str:
    """Changes whenever somebody arrives, a group is counted, a scan is decided on, or a phone is paired, named, seen
    or stopped.
    """
    scans = sa.select(sa.func.count(), sa.func.max(Scan.received_at)).where(Scan.session_id == session_id)
    decisions = (
        sa.select(sa.func.count())
        .select_from(ScanDecision)
        .join(Scan, Scan.id == ScanDecision.scan_id)
        .where(Scan.session_id == session_id)
    )
    phones = sa.select(
        DoorDevice.id, DoorDevice.name, DoorDevice.may_search, DoorDevice.revoked_at, DoorDevice.seen_at
    ).where(DoorDevice.session_id == session_id)
    people = (sa.func.count(), sa.func.sum(Attendance.adults), sa.func.sum(Attendance.children))
    came = sa.select(*people, decisions.scalar_subquery()).where(Attendance.session_id == session_id)
    facts = (
        *db_session.execute(came).one(),
        *db_session.execute(scans).one(),
        *db_session.execute(phones.order_by(DoorDevice.id)).all(),
    )
    return sha256(repr(facts).encode()).hexdigest()[:20]


def arrivals(db_session: DbSession, session_id: int) -> Arrivals:
    """Everybody who is counted, each at the door and in the five minutes in which they were first seen."""
    door_of = _doors(db_session, session_id)
    came = db_session.execute(
        sa.select(
            Attendance.visitor_key,
            Attendance.scan_id,
            Attendance.source,
            Attendance.adults,
            Attendance.children,
            Attendance.first_at,
        ).where(Attendance.session_id == session_id, Attendance.adults + Attendance.children > 0)
    ).all()
    found = Arrivals(People(sum(row.adults for row in came), sum(row.children for row in came)))
    steps: dict[datetime, int] = {}
    for row in came:
        number = row.adults + row.children
        door = door_of.get(row.visitor_key or row.scan_id, "")
        found.doors[door] = found.doors.get(door, 0) + number
        found.sources[row.source] = found.sources.get(row.source, 0) + number
        steps[_step(row.first_at)] = steps.get(_step(row.first_at), 0) + number
    found.doors = dict(sorted(found.doors.items()))
    found.steps = _without_gaps(steps)
    return found


def _doors(db_session: DbSession, session_id: int) -> dict[str, str]:
    """By visitor key or scan: the name of the door at which they were seen first."""
    rows = db_session.execute(
        sa.select(_SCANS.c.visitor_key, _SCANS.c.id, DoorDevice.name)
        .join(DoorDevice, DoorDevice.id == _SCANS.c.device_id)
        .where(_SCANS.c.session_id == session_id, IS_LIVE)
        .order_by(_SCANS.c.happened_at.desc(), _SCANS.c.id.desc())
    )
    return {key or scan_id: name for key, scan_id, name in rows}


def _step(moment: datetime) -> datetime:
    seconds = int(STEP.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def _without_gaps(steps: dict[datetime, int]) -> list[tuple[datetime, int]]:
    if not steps:
        return []
    last = max(steps)
    first = max(min(steps), last - (MOST_STEPS - 1) * STEP)
    count = int((last - first) / STEP) + 1
    return [(first + number * STEP, steps.get(first + number * STEP, 0)) for number in range(count)]
