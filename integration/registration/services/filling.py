"""Filling places that have come free from the queue, by rule 13."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.events import SessionChanged
from integration.activities.models import Session, SessionPlaces, SessionStatus, Slot
from integration.activities.rules import free_places
from integration.activities.services import count_places, lock_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.events import OfferExpired, PlaceOffered, TakenIn
from integration.registration.messages.reach import can_be_asked
from integration.registration.models import Registration, WaitingEntry, WaitingState
from integration.registration.queries import open_entries
from integration.registration.queries.slots import free_slots
from integration.registration.rules import (
    FIRST_KEEPS_UNTIL,
    latest_end,
    may_pass,
    next_in_line,
    offer_times,
    takes_queue,
    times_in_line,
    when_awake,
)
from integration.registration.services.entries import become_registration, close_entry


def fill_places(db_session: DbSession, session: Session, now: datetime) -> None:
    """Give what is free to those whose turn it is; offers whose time is over come free first.

    Whatever frees places calls this in its own transaction. Doing it again changes nothing.
    """
    fill_locked(db_session, session, lock_places(db_session, session.id), now)


def fill_locked(db_session: DbSession, session: Session, places: SessionPlaces, now: datetime) -> None:
    """``fill_places`` for a caller who holds the lock on the counters."""
    if not places.waiting and not places.offered:
        return
    entries = open_entries(db_session, session.id)
    if not _is_awaited(session, now):
        _void(db_session, places, entries, now)
        return
    for entry in entries:
        if entry.offer_expires_at and entry.state == WaitingState.OFFERED and entry.offer_expires_at <= now:
            _expire(db_session, places, entry, now)
    if not takes_queue(session, now):
        return
    queue = [entry for entry in entries if entry.state == WaitingState.WAITING]
    for entry, slot in _whose_turn(db_session, session, places, queue, now):
        _give(db_session, session, places, entry, slot, now)


def _whose_turn(
    db_session: DbSession, session: Session, places: SessionPlaces, queue: list[WaitingEntry], now: datetime
) -> list[tuple[WaitingEntry, Slot | None]]:
    """Who gets what is free, and which individual time where the session has such."""
    room = free_places(places)
    if session.slot_minutes is None:
        passing = may_pass(session.starts_at, now)
        first = next_in_line([entry.places for entry in queue], room, passing=passing)
        return [(queue[index], None) for index in first]
    free = free_slots(db_session, session.id, now, awaited=True) if queue else []
    wanted = [(entry.places, entry.slot_language) for entry in queue]
    pairs = times_in_line(wanted, [slot.language for slot in free], room)
    return [(queue[index], free[time]) for index, time in pairs]


def follow_session(db_session: DbSession, news: SessionChanged) -> None:
    """A session was changed: a queue ends with it, moves with it, and gets the places it now has."""
    places = db_session.get(SessionPlaces, news.session_id)
    if places is None or not (places.waiting or places.offered):
        return
    session = db_session.get_one(Session, news.session_id)
    places = lock_places(db_session, session.id)
    _end_offers_earlier(db_session, session, news.at)
    fill_locked(db_session, session, places, news.at)


def expire_offers(db_session: DbSession, now: datetime) -> None:
    """Let offers end, let the small pass once the start is near, and end the queues of sessions that have begun."""
    for session in db_session.scalars(_where_time_matters(now)).unique().all():
        fill_places(db_session, session, now)


def _where_time_matters(now: datetime) -> sa.Select[Session]:
    places = SessionPlaces
    has_room = sa.or_(places.capacity.is_(None), places.taken + places.offered < places.capacity)
    ends = sa.exists().where(
        WaitingEntry.session_id == Session.id,
        WaitingEntry.state == WaitingState.OFFERED,
        WaitingEntry.offer_expires_at <= now,
    )
    return (
        sa.select(Session)
        .join(places, places.session_id == Session.id)
        .where(
            sa.or_(places.waiting > 0, places.offered > 0),
            sa.or_(ends, Session.starts_at <= now, sa.and_(has_room, Session.starts_at <= now + FIRST_KEEPS_UNTIL)),
        )
        .options(joinedload(Session.places, innerjoin=True))
        .order_by(Session.id)
    )


def _is_awaited(session: Session, now: datetime) -> bool:
    """Whether the session will be held and has not begun; closing sign-up only lets the queue stand still."""
    return session.status == SessionStatus.PLANNED and session.starts_at > now


def _give(
    db_session: DbSession,
    session: Session,
    places: SessionPlaces,
    entry: WaitingEntry,
    slot: Slot | None,
    now: datetime,
) -> None:
    times = offer_times(now, session.starts_at) if can_be_asked(entry.household) else None
    if times is None:
        _take_in(db_session, places, entry, slot, now)
        return
    entry.state, entry.offered_at, entry.offer_expires_at = WaitingState.OFFERED, now, times.expires_at
    entry.slot = slot
    count_places(db_session, places, offered=entry.places, waiting=-1)
    publish(
        db_session,
        PlaceOffered(entry.id, entry.session_id, entry.household_id, times.tell_at, times.expires_at, now),
    )


def _take_in(
    db_session: DbSession, places: SessionPlaces, entry: WaitingEntry, slot: Slot | None, now: datetime
) -> None:
    registration = become_registration(db_session, entry, now, slot)
    if registration is None:
        close_entry(entry, WaitingState.VOID, now)
        count_places(db_session, places, waiting=-1)
        return
    close_entry(entry, WaitingState.TAKEN, now, registration)
    count_places(db_session, places, taken=entry.places, waiting=-1)
    _tell_taken_in(db_session, entry, registration, now)


def _tell_taken_in(db_session: DbSession, entry: WaitingEntry, registration: Registration, now: datetime) -> None:
    tell_at = when_awake(now)
    publish(db_session, TakenIn(entry.id, registration.id, entry.session_id, entry.household_id, tell_at, now))


def _expire(db_session: DbSession, places: SessionPlaces, entry: WaitingEntry, now: datetime) -> None:
    close_entry(entry, WaitingState.EXPIRED, now)
    count_places(db_session, places, offered=-entry.places)
    publish(db_session, OfferExpired(entry.id, entry.session_id, entry.household_id, now))


def _void(db_session: DbSession, places: SessionPlaces, entries: list[WaitingEntry], now: datetime) -> None:
    for entry in entries:
        close_entry(entry, WaitingState.VOID, now)
    count_places(db_session, places, offered=-places.offered, waiting=-places.waiting)


def _end_offers_earlier(db_session: DbSession, session: Session, now: datetime) -> None:
    """A session that was moved to an earlier time cannot wait for answers as long as before."""
    end = max(latest_end(session.starts_at), now)
    for entry in open_entries(db_session, session.id):
        if entry.offer_expires_at and entry.state == WaitingState.OFFERED and entry.offer_expires_at > end:
            entry.offer_expires_at = end
    db_session.flush()
