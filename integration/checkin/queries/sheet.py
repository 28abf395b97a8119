"""The lines of a sheet that is typed in: who signed up, and what was counted of them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.checkin.models import Attendance, Source
from integration.checkin.rules import NOBODY, People
from integration.kernel.database import DbSession
from integration.registration.models import Card, Registration


@dataclass(frozen=True)
class SheetLine:
    """A household's line: its name to call, its places, its card, and how many its card was scanned for."""

    registration_id: int
    name: str
    places: People
    card_digest: str
    scanned: People


def sheet_lines(db_session: DbSession, session_id: int) -> list[SheetLine]:
    """Everybody who signed up, in the order of the printed sheet. Whoever reads it leaves a trace."""
    scanned = (Attendance.session_id == session_id, Attendance.source == Source.SCANNED)
    rows = db_session.execute(
        sa.select(Registration, Card.pass_digest, Attendance.adults, Attendance.children)
        .outerjoin(Card, sa.and_(Card.household_id == Registration.household_id, Card.revoked_at.is_(None)))
        .outerjoin(Attendance, sa.and_(Attendance.visitor_key == Card.visitor_key, *scanned))
        .where(Registration.session_id == session_id, Registration.cancelled_at.is_(None))
        .options(joinedload(Registration.household, innerjoin=True))
        .order_by(Registration.id, Card.id)
    )
    lines: dict[int, SheetLine] = {}
    for found, card_digest, adults, children in rows:
        counted = People(adults, children) if adults is not None else NOBODY
        places = People(found.adults, found.children)
        lines[found.id] = SheetLine(found.id, found.household.name or "", places, card_digest or "", counted)
    return sorted(lines.values(), key=lambda each: (not each.name, each.name.casefold(), each.registration_id))
