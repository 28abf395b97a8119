"""Changing how many come."""

from __future__ import annotations

from datetime import datetime

from integration.accounts.rules import Actor
from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionPlaces, SessionStatus
from integration.activities.rules import free_places, seats_left
from integration.activities.services import count_places, lock_places
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.events import publish
from integration.registration.errors import NotAnybody, SessionIsCancelled, SessionPast, SignUpClosed
from integration.registration.events import PlacesChanged
from integration.registration.models import Registration, WaitingEntry, WaitingState
from integration.registration.queries import open_entry
from integration.registration.rules import People, may_pass, must_wait, takes_queue
from integration.registration.services.beyond import take_beyond
from integration.registration.services.entries import close_entry, people_columns, people_of, write_people
from integration.registration.services.filling import fill_locked
from integration.registration.services.waiting import drop_entry, join_queue


def change_places(
    db_session: DbSession,
    registration: Registration,
    session: Session,
    people: People,
    now: datetime,
    *,
    beyond: Actor | None = None,
) -> Registration | WaitingEntry:
    """Let a household come with more or fewer people; what was said last counts.

    Fewer gives places back to those who wait. More takes what is free; where nothing is, the household keeps
    what it has and what it adds waits as its own entry, which is the answer then. An earlier wish for more keeps
    its turn if it gets smaller, and is withdrawn otherwise. ``beyond`` is for staff, see ``register``.
    Raises SessionPast, SessionIsCancelled, NotAnybody, NotFound (given back), SessionFull.
    """
    _require_changeable(session, people, now)
    places = lock_places(db_session, session.id)
    fill_locked(db_session, session, places, now)
    db_session.refresh(registration)
    if registration.cancelled_at is not None:
        raise NotFound
    added = people.total - registration.adults - registration.children
    wish = open_entry(db_session, session.id, registration.household_id) if _somebody_waits(places) else None
    if wish is not None and beyond is None and 0 < added <= wish.places:
        return _want_less(db_session, session, places, registration, wish, people, now)
    if wish is not None:
        drop_entry(db_session, wish, places, now)
    if added > 0 and beyond is None and _has_to_wait(db_session, session, places, added, now):
        household_id = registration.household_id
        return join_queue(db_session, places, household_id, people, added, now, registration=registration)
    if added > 0 and beyond is not None:
        take_beyond(db_session, session, places, added, beyond, now)
    else:
        count_places(db_session, places, taken=added)
    _write(db_session, registration, people, now)
    fill_locked(db_session, session, places, now)
    return registration


def _require_changeable(session: Session, people: People, now: datetime) -> None:
    if session.ends_at <= now:
        raise SessionPast
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    if not people.is_possible:
        raise NotAnybody


def _somebody_waits(places: SessionPlaces) -> bool:
    return places.waiting > 0 or places.offered > 0


def _want_less(
    db_session: DbSession,
    session: Session,
    places: SessionPlaces,
    registration: Registration,
    wish: WaitingEntry,
    people: People,
    now: datetime,
) -> Registration | WaitingEntry:
    """Fewer more than they waited for: they keep their turn, and what is kept for them already is theirs."""
    added = people.total - registration.adults - registration.children
    if wish.state == WaitingState.OFFERED:
        count_places(db_session, places, taken=added, offered=-wish.places)
        close_entry(wish, WaitingState.TAKEN, now, registration)
        _write(db_session, registration, people, now)
    else:
        for name, count in people_columns(people).items():
            setattr(wish, name, count)
        wish.places = added
        db_session.flush()
    fill_locked(db_session, session, places, now)
    return registration if wish.state == WaitingState.TAKEN else wish


def _has_to_wait(db_session: DbSession, session: Session, places: SessionPlaces, added: int, now: datetime) -> bool:
    if session.sign_up_closed:
        raise SignUpClosed
    fill_locked(db_session, session, places, now)
    passing = may_pass(session.starts_at, now)
    waits = must_wait(added, free_places(places), places.waiting, passing=passing)
    if waits and not takes_queue(session, now):
        raise SessionFull(seats_left(places) or 0)
    return waits


def _write(db_session: DbSession, registration: Registration, people: People, now: datetime) -> None:
    if people_of(registration) == people:
        return
    write_people(registration, people)
    db_session.flush()
    ids = (registration.id, registration.session_id, registration.household_id)
    publish(db_session, PlacesChanged(*ids, people.adults, people.children, now))
