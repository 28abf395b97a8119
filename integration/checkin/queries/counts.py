"""What the people at sessions add up to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from integration.checkin.models import Attendance, Closing, DoorDevice, Source
from integration.checkin.rules import People, with_manual_total
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest

_SLICE = 900
"""Session ids per statement."""


@dataclass(frozen=True)
class SessionCounts:
    """One session's people: adults and children, the mix of sources (it adds up to them), and whether it was held.

    ``identified`` is how many of them could be tied to a card. ``held`` None: it is still to be confirmed.
    """

    adults: int = 0
    children: int = 0
    scanned: int = 0
    listed: int = 0
    walk_in: int = 0
    self_marked: int = 0
    headcount: int = 0
    imported: int = 0
    identified: int = 0
    held: bool | None = None

    @property
    def total(self) -> int:
        """V: visits."""
        return self.adults + self.children


class VisitorSet(NamedTuple):
    """How many of one card's household were seen together at one session."""

    session_id: int
    visitor_key: str
    adults: int
    children: int


def session_counts(
    db_session: DbSession, session_ids: Collection[int], *, without_manual: bool = False
) -> dict[int, SessionCounts]:
    """The counts of these sessions, each of them present; a manual total overrides the door's (rule 3)."""
    by_source = _sums(db_session, session_ids)
    closings = _words(db_session, session_ids)
    return {
        session_id: _counts(by_source.get(session_id, {}), closings.get(session_id), without_manual=without_manual)
        for session_id in session_ids
    }


def closings_of(db_session: DbSession, session_ids: Collection[int]) -> dict[int, Closing]:
    """What was said at closing, for those of these sessions that are closed."""
    found: dict[int, Closing] = {}
    for ids in _slices(session_ids):
        rows = db_session.scalars(sa.select(Closing).where(Closing.session_id.in_(ids)))
        found.update({each.session_id: each for each in rows})
    return found


def people_in(db_session: DbSession, session_id: int) -> People:
    """How many are counted at a session so far."""
    row = db_session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(Attendance.adults), 0), sa.func.coalesce(sa.func.sum(Attendance.children), 0)
        ).where(Attendance.session_id == session_id)
    ).one()
    return People(int(row[0]), int(row[1]))


def people_at_door(db_session: DbSession, token: str) -> People | None:
    """How many are counted at the session of the device with this token; None if there is no such device."""
    device = db_session.scalar(sa.select(DoorDevice).where(DoorDevice.token_digest == digest(token)))
    return None if device is None or device.revoked_at else people_in(db_session, device.session_id)


def visitor_sets(db_session: DbSession, session_ids: Collection[int]) -> list[VisitorSet]:
    """Which cards were seen at these sessions, with how many; keys are random and lead to nobody."""
    rows: list[VisitorSet] = []
    for ids in _slices(session_ids):
        statement = sa.select(
            Attendance.session_id, Attendance.visitor_key, Attendance.adults, Attendance.children
        ).where(
            Attendance.session_id.in_(ids),
            Attendance.visitor_key.is_not(None),
            Attendance.adults + Attendance.children > 0,
        )
        rows.extend(
            VisitorSet(session_id, key or "", adults, children)
            for session_id, key, adults, children in db_session.execute(statement)
        )
    return rows


class _Sum(NamedTuple):
    adults: int
    children: int
    identified: int


def _sums(db_session: DbSession, session_ids: Collection[int]) -> dict[int, dict[Source, _Sum]]:
    found: dict[int, dict[Source, _Sum]] = {}
    people = Attendance.adults + Attendance.children
    identified = sa.case((Attendance.visitor_key.is_not(None), people), else_=0)
    sums = (sa.func.sum(each) for each in (Attendance.adults, Attendance.children, identified))
    statement = sa.select(Attendance.session_id, Attendance.source, *sums).group_by(
        Attendance.session_id, Attendance.source
    )
    for ids in _slices(session_ids):
        for session_id, source, *numbers in db_session.execute(statement.where(Attendance.session_id.in_(ids))):
            found.setdefault(session_id, {})[source] = _Sum(*(int(each) for each in numbers))
    return found


class _Word(NamedTuple):
    """What a closing says of the people: plain, for figures are made from a great many of them."""

    held: bool
    manual_adults: int | None
    manual_children: int | None


def _words(db_session: DbSession, session_ids: Collection[int]) -> dict[int, _Word]:
    statement = sa.select(Closing.session_id, *(getattr(Closing, name) for name in _Word._fields))
    return {
        session_id: _Word(*said)
        for ids in _slices(session_ids)
        for session_id, *said in db_session.execute(statement.where(Closing.session_id.in_(ids)))
    }


def _counts(sums: dict[Source, _Sum], closing: _Word | None, *, without_manual: bool) -> SessionCounts:
    people = People(sum(each.adults for each in sums.values()), sum(each.children for each in sums.values()))
    mix = {source: each.adults + each.children for source, each in sums.items()}
    identified = sum(each.identified for each in sums.values())
    if closing is not None and closing.manual_adults is not None and not without_manual:
        people = People(closing.manual_adults, closing.manual_children or 0)
        mix = with_manual_total(mix, people.total)
    return SessionCounts(
        adults=people.adults,
        children=people.children,
        identified=min(identified, people.total),
        held=closing.held if closing is not None else None,
        **{source.value: mix.get(source, 0) for source in Source},
    )


def _slices(session_ids: Collection[int]) -> Iterator[list[int]]:
    ids = sorted(set(session_ids))
    for start in range(0, len(ids), _SLICE):
        yield ids[start : start + _SLICE]
