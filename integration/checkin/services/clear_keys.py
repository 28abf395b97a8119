"""Clearing visitor keys: afterwards nothing tells which visits were made with the same card."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Attendance, Scan
from integration.checkin.rules import CLEARED
from integration.kernel.database import DbSession


def clear_visitor_keys(db_session: DbSession, session_ids: Any) -> None:
    """Give every visit of these sessions (a select of ids) a random key of its own; who was counted stays counted.

    The scans lose theirs altogether. There is no way back: U of those sessions can never be counted again.
    """
    keyed = Attendance.visitor_key.is_not(None)
    db_session.execute(
        sa.update(Attendance)
        .where(Attendance.session_id.in_(session_ids), keyed, ~Attendance.visitor_key.startswith(CLEARED))
        .values(visitor_key=_random_key(db_session))
        .execution_options(synchronize_session=False)
    )
    db_session.execute(
        sa.update(Scan)
        .where(Scan.session_id.in_(session_ids), Scan.visitor_key.is_not(None))
        .values(visitor_key=None)
        .execution_options(synchronize_session=False)
    )


def _random_key(db_session: DbSession) -> Any:
    """An expression that is drawn anew for each row: about 120 random bits."""
    if db_session.get_bind().dialect.name == "postgresql":
        drawn: Any = sa.func.replace(sa.cast(sa.func.gen_random_uuid(), sa.Text), "-", "")
    else:
        drawn = sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    return sa.literal(CLEARED) + sa.func.substr(drawn, 1, 31)
