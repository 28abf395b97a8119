"""Entries of a queue as rows: made, closed, turned into places. Who calls holds the lock on the session's counters."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.activities.models import Slot
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_id
from integration.registration.models import Registration, WaitingEntry, WaitingState
from integration.registration.rules import People
from integration.registration.services.writing import insert_unless_taken


def add_entry(
    db_session: DbSession,
    session_id: int,
    household_id: int,
    people: People,
    places: int,
    now: datetime,
    *,
    registration: Registration | None = None,
    series_id: int | None = None,
    slot_language: str | None = None,
) -> WaitingEntry:
    """Stand at the end of the queue."""
    entry = WaitingEntry(
        id=random_id(),
        session_id=session_id,
        household_id=household_id,
        registration_id=registration.id if registration else None,
        is_increase=registration is not None,
        turn=_next_turn(db_session, session_id),
        places=places,
        **people_columns(people),
        state=WaitingState.WAITING,
        queued_at=now,
        series_id=series_id,
        slot_language=slot_language,
    )
    db_session.add(entry)
    db_session.flush()
    return entry


def close_entry(
    entry: WaitingEntry, state: WaitingState, now: datetime, registration: Registration | None = None
) -> None:
    """Say what became of it; needs and a time kept for it go with it, for the places have their own."""
    entry.state, entry.closed_at, entry.help, entry.slot = state, now, None, None
    entry.registration_id = registration.id if registration else entry.registration_id


def become_registration(
    db_session: DbSession, entry: WaitingEntry, now: datetime, slot: Slot | None = None
) -> Registration | None:
    """The places that the entry waited for: new ones (``slot``: at this individual time), or more of those there were.

    None when that cannot be any more: the household has come by places otherwise, or gave its own back.
    """
    if entry.is_increase:
        return _add_to(db_session, entry)
    return insert_unless_taken(
        db_session,
        Registration,
        id=random_id(),
        session_id=entry.session_id,
        household_id=entry.household_id,
        **people_columns(people_of(entry)),
        help=entry.help,
        form_digest=entry.form_digest,
        created_at=now,
        series_id=entry.series_id,
        slot_id=slot.id if slot else None,
    )


def people_of(row: WaitingEntry | Registration) -> People:
    """Who comes, as a value."""
    return People(row.adults, row.children, row.children_0_6, row.children_7_12, row.children_13_17)


def people_columns(people: People) -> dict[str, int]:
    """The columns that say who comes."""
    return {
        "adults": people.adults,
        "children": people.children,
        "children_0_6": people.children_0_6,
        "children_7_12": people.children_7_12,
        "children_13_17": people.children_13_17,
    }


def write_people(registration: Registration, people: People) -> None:
    """Let a registration be for these."""
    for name, count in people_columns(people).items():
        setattr(registration, name, count)


def _add_to(db_session: DbSession, entry: WaitingEntry) -> Registration | None:
    registration = db_session.get(Registration, entry.registration_id, populate_existing=True)
    if registration is None or registration.cancelled_at is not None:
        return None
    write_people(registration, people_of(entry))
    return registration


def _next_turn(db_session: DbSession, session_id: int) -> int:
    last = sa.select(sa.func.coalesce(sa.func.max(WaitingEntry.turn), 0)).where(WaitingEntry.session_id == session_id)
    return (db_session.scalar(last) or 0) + 1
