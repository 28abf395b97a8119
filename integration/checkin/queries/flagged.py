"""What a person should look at: flagged scans, and cards that two doors saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Attendance, DoorDevice, Scan, ScanKind
from integration.checkin.queries.live import IS_LIVE, decided, taken_back
from integration.checkin.rules import UNCOUNTED_FLAGS, People
from integration.kernel.database import DbSession

_SCANS: Any = Scan.__table__


@dataclass(frozen=True)
class SeenScan:
    """One scan as the organiser sees it: when, at which door, how many, and why it is shown."""

    id: str
    kind: ScanKind
    flag: str | None
    happened_at: datetime
    door: str
    whole: bool
    people: People

    @property
    def counts(self) -> bool:
        """Whether it counts until somebody decides."""
        return self.flag not in UNCOUNTED_FLAGS


@dataclass(frozen=True)
class Conflict:
    """One card that several phones scanned: perhaps the same people twice, perhaps the second adult later."""

    scans: tuple[SeenScan, ...]
    places: People | None
    counted: People


def flagged_scans(db_session: DbSession, session_id: int) -> list[SeenScan]:
    """The flagged scans of a session that nobody has decided on and no undo has taken back, by time."""
    conditions = (
        _SCANS.c.flag.is_not(None),
        decided(_SCANS).is_(None),
        ~taken_back(_SCANS.c.id, _SCANS.c.session_id),
    )
    return [_seen(row) for row in db_session.execute(_seen_scans(session_id).where(*conditions))]


def conflicts(db_session: DbSession, session_id: int) -> list[Conflict]:
    """Cards with scans of several phones that count and together say more than its places, or that has no places.

    What a household says of itself is no door's scan: it never counts besides one (rule 12).
    """
    surplus = sa.or_(
        Attendance.places_adults.is_(None),
        Attendance.whole > 1,
        sa.and_(Attendance.whole > 0, Attendance.arrived_adults + Attendance.arrived_children > 0),
        Attendance.arrived_adults + Attendance.arrived_children
        > Attendance.places_adults + sa.func.coalesce(Attendance.places_children, 0),
    )
    other = _SCANS.alias()
    several = sa.exists().where(
        other.c.session_id == _SCANS.c.session_id,
        other.c.visitor_key == _SCANS.c.visitor_key,
        other.c.device_id != _SCANS.c.device_id,
        other.c.kind != ScanKind.SELF_MARKED,
    )
    rows = db_session.execute(
        _seen_scans(session_id)
        .add_columns(
            Attendance.id,
            Attendance.places_adults,
            Attendance.places_children,
            Attendance.adults,
            Attendance.children,
        )
        .join(
            Attendance,
            sa.and_(Attendance.session_id == _SCANS.c.session_id, Attendance.visitor_key == _SCANS.c.visitor_key),
        )
        .where(_SCANS.c.visitor_key.is_not(None), _SCANS.c.kind != ScanKind.SELF_MARKED, IS_LIVE, surplus, several)
    ).all()
    by_card: dict[int, list[Any]] = {}
    for row in rows:
        by_card.setdefault(row[-5], []).append(row)
    return [_conflict(each) for each in by_card.values() if len({row[-6] for row in each}) > 1]


def _conflict(rows: list[Any]) -> Conflict:
    *_scan, places_adults, places_children, adults, children = rows[0]
    places = None if places_adults is None else People(places_adults, places_children)
    return Conflict(tuple(_seen(row) for row in rows), places, People(adults, children))


def _seen_scans(session_id: int) -> Any:
    return (
        sa.select(
            _SCANS.c.id,
            _SCANS.c.kind,
            _SCANS.c.flag,
            _SCANS.c.happened_at,
            DoorDevice.name,
            _SCANS.c.whole,
            _SCANS.c.adults + _SCANS.c.beyond_adults,
            _SCANS.c.children + _SCANS.c.beyond_children,
            _SCANS.c.device_id,
        )
        .join(DoorDevice, DoorDevice.id == _SCANS.c.device_id)
        .where(_SCANS.c.session_id == session_id)
        .order_by(_SCANS.c.happened_at, _SCANS.c.id)
    )


def _seen(row: Any) -> SeenScan:
    scan_id, kind, flag, at, door, whole, adults, children = row[:8]
    return SeenScan(scan_id, kind, flag, at, door, bool(whole), People(adults, children))
