"""Clearing visitor keys: afterwards nothing tells which visits were made with the same card."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.checkin.models import Attendance, Scan, Source
from integration.checkin.rules import CLEARED
from integration.kernel.database import DbSession
from integration.registration.models import Card, Registration


def clear_visitor_keys(db_session: DbSession, session_ids: Any) -> None:
    """Give every visit of these sessions (a select of ids) a key of its own; who was counted stays counted.

    There is no way back: U of those sessions can never be counted again. A visit's scans take its new key along, so
    that one of them can still be taken back; it leads to no card and to no other visit.
    """
    _add_uncounted(db_session, session_ids)
    own_key: Any = sa.literal(CLEARED) + sa.cast(Attendance.id, sa.String)
    same_visit = (Attendance.session_id == Scan.session_id, Attendance.visitor_key == Scan.visitor_key)
    for table, key in (
        (Scan, sa.select(own_key).where(*same_visit).scalar_subquery()),
        (Attendance, own_key),
    ):
        db_session.execute(
            sa.update(table)
            .where(*_has_card_key(table, session_ids))
            .values(visitor_key=key)
            .execution_options(synchronize_session=False)
        )


def _has_card_key(table: Any, session_ids: Any) -> tuple[sa.ColumnElement[bool], ...]:
    keyed = table.visitor_key.is_not(None)
    return table.session_id.in_(session_ids), keyed, ~table.visitor_key.startswith(CLEARED)


def _add_uncounted(db_session: DbSession, session_ids: Any) -> None:
    """Cards of which every scan still waits for a person have a visit too, of nobody, with the places they took."""
    counted = sa.exists().where(Attendance.session_id == Scan.session_id, Attendance.visitor_key == Scan.visitor_key)
    signed_up = sa.and_(
        Registration.session_id == Scan.session_id,
        Registration.household_id == Card.household_id,
        Registration.cancelled_at.is_(None),
    )
    nobody = dict.fromkeys(
        ("whole", "arrived_adults", "arrived_children", "beyond_adults", "beyond_children"), sa.literal(0)
    )
    visit: dict[str, Any] = {
        "session_id": Scan.session_id,
        "visitor_key": Scan.visitor_key,
        "source": sa.literal(Source.SCANNED, Attendance.source.type),
        "places_adults": sa.func.max(Registration.adults),
        "places_children": sa.func.max(Registration.children),
        **nobody,
        "first_at": sa.func.min(Scan.happened_at),
    }
    waiting = (
        sa.select(*visit.values())
        .outerjoin(Card, Card.visitor_key == Scan.visitor_key)
        .outerjoin(Registration, signed_up)
        .where(*_has_card_key(Scan, session_ids), ~counted)
        .group_by(Scan.session_id, Scan.visitor_key)
    )
    db_session.execute(sa.insert(Attendance).from_select(list(visit), waiting))
