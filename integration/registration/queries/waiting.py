"""Reading the queue of a session, and what a household waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from integration.activities.models import Activity, Session
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import OPEN_STATES, WaitingEntry, WaitingState
from integration.registration.rules import Position


@dataclass(frozen=True)
class Waiting:
    """One entry of a household, its session, and where it stands; no position unless it waits."""

    entry: WaitingEntry
    session: Session
    position: Position | None


def entry_by_form(db_session: DbSession, form_digest: str) -> WaitingEntry | None:
    """The entry that an earlier sending of the same form made."""
    return db_session.scalar(sa.select(WaitingEntry).where(WaitingEntry.form_digest == form_digest))


def open_entry(db_session: DbSession, session_id: int, household_id: int) -> WaitingEntry | None:
    """What the household waits for, or is offered, at this session."""
    return db_session.scalar(
        sa.select(WaitingEntry)
        .where(
            WaitingEntry.session_id == session_id,
            WaitingEntry.household_id == household_id,
            WaitingEntry.state.in_(OPEN_STATES),
        )
        .execution_options(populate_existing=True)
    )


def open_entries(db_session: DbSession, session_id: int) -> list[WaitingEntry]:
    """Everyone who waits or has an offer at this session, first come first, as the database has it now."""
    return list(
        db_session.scalars(
            sa.select(WaitingEntry)
            .where(WaitingEntry.session_id == session_id, WaitingEntry.state.in_(OPEN_STATES))
            .options(joinedload(WaitingEntry.household, innerjoin=True), joinedload(WaitingEntry.slot))
            .order_by(WaitingEntry.turn)
            .execution_options(populate_existing=True)
        )
    )


def waiting_of_session(db_session: DbSession, session_id: int) -> list[WaitingEntry]:
    """The session's queue with its households: who has an offer and who waits, first come first."""
    return open_entries(db_session, session_id)


def waiting_of_household(db_session: DbSession, household_id: int, now: datetime) -> list[Waiting]:
    """What the household waits for, has an offer for, missed or got, at sessions that have not ended, by time."""
    return _waiting(
        db_session,
        WaitingEntry.household_id == household_id,
        WaitingEntry.state.in_((*OPEN_STATES, WaitingState.EXPIRED, WaitingState.TAKEN)),
        Session.ends_at > now,
    )


def all_waiting(db_session: DbSession, household_id: int) -> list[Waiting]:
    """Everything the household ever waited for."""
    return _waiting(db_session, WaitingEntry.household_id == household_id)


def entry_of(db_session: DbSession, household_id: int, entry_id: int) -> Waiting:
    """One of the household's own entries, open or not; raises NotFound."""
    found = _waiting(db_session, WaitingEntry.household_id == household_id, WaitingEntry.id == entry_id)
    if not found:
        raise NotFound
    return found[0]


def position_of(db_session: DbSession, entry: WaitingEntry) -> Position:
    """How many entries, and places for how many people, stand before this one."""
    before = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(WaitingEntry.places), 0)).where(
        WaitingEntry.session_id == entry.session_id,
        WaitingEntry.state == WaitingState.WAITING,
        WaitingEntry.turn < entry.turn,
        _could_be_first(WaitingEntry.slot_language, sa.literal(entry.slot_language, sa.String)),
    )
    return Position(*db_session.execute(before).one())


def _could_be_first(theirs: Any, own: Any) -> sa.ColumnElement[bool]:
    """Whether both wait for something that either could get: one adviser's language is not another's."""
    return sa.or_(theirs.is_(None), own.is_(None), theirs == own)


def _waiting(db_session: DbSession, *conditions: sa.ColumnElement[bool]) -> list[Waiting]:
    other = aliased(WaitingEntry)
    before = (
        sa.select(sa.func.count())
        .where(
            other.session_id == WaitingEntry.session_id,
            other.state == WaitingState.WAITING,
            other.turn < WaitingEntry.turn,
            _could_be_first(other.slot_language, WaitingEntry.slot_language),
        )
        .correlate(WaitingEntry)
    )
    people = before.with_only_columns(sa.func.coalesce(sa.func.sum(other.places), 0))
    rows = db_session.execute(
        sa.select(WaitingEntry, Session, before.scalar_subquery(), people.scalar_subquery())
        .join(Session, Session.id == WaitingEntry.session_id)
        .where(*conditions)
        .options(
            joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True),
            joinedload(Session.venue),
            joinedload(Session.places, innerjoin=True),
            joinedload(WaitingEntry.slot),
        )
        .order_by(Session.starts_at, WaitingEntry.turn)
    )
    return [
        Waiting(entry, session, Position(entries, places) if entry.state == WaitingState.WAITING else None)
        for entry, session, entries, places in rows
    ]
