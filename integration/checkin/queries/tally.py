"""Heads that were counted at a session, by category."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Scan, ScanKind
from integration.checkin.queries.live import IS_LIVE
from integration.checkin.rules import ADULTS, CHILDREN
from integration.kernel.database import DbSession

_SCANS: Any = Scan.__table__


def heads_by_category(db_session: DbSession, session_id: int) -> dict[str, int]:
    """How many heads count just now: adults, children, or children of an age."""
    people = (sa.func.sum(_SCANS.c.adults), sa.func.sum(_SCANS.c.children))
    rows = db_session.execute(
        sa.select(_SCANS.c.age_group, *people).where(*_heads(session_id)).group_by(_SCANS.c.age_group)
    )
    found: dict[str, int] = {}
    for age_group, adults, children in rows:
        for category, number in ((ADULTS, adults), (age_group or CHILDREN, children)):
            found[category] = found.get(category, 0) + int(number)
    return found


def last_head(db_session: DbSession, session_id: int) -> str | None:
    """The scan that counted heads last and still counts."""
    latest = sa.select(_SCANS.c.id).where(*_heads(session_id))
    return db_session.scalar(latest.order_by(_SCANS.c.received_at.desc(), _SCANS.c.id).limit(1))


def is_head_counted(db_session: DbSession, session_id: int, scan_id: str) -> bool:
    """Whether this scan counted heads at this session."""
    known = (Scan.id == scan_id, Scan.session_id == session_id, Scan.kind == ScanKind.HEADCOUNT)
    return db_session.scalar(sa.select(Scan.id).where(*known)) is not None


def _heads(session_id: int) -> tuple[Any, ...]:
    return (_SCANS.c.session_id == session_id, _SCANS.c.kind == ScanKind.HEADCOUNT, IS_LIVE)
