"""What a household does in a queue: join it, answer an offer, leave."""

from __future__ import annotations

from datetime import datetime

from integration.activities.models import Session, SessionPlaces
from integration.activities.services import count_places, lock_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.errors import OfferOver
from integration.registration.events import HouseholdRegistered, PlacesChanged, WaitingBegan, WaitingLeft
from integration.registration.models import Registration, WaitingEntry, WaitingState
from integration.registration.queries import open_entry
from integration.registration.rules import People
from integration.registration.services.entries import add_entry, become_registration, close_entry
from integration.registration.services.filling import fill_locked


def join_queue(
    db_session: DbSession,
    places: SessionPlaces,
    household_id: int,
    people: People,
    wanted: int,
    now: datetime,
    *,
    registration: Registration | None = None,
    series_id: int | None = None,
    slot_language: str | None = None,
) -> WaitingEntry:
    """Let a household wait for ``wanted`` places. The caller has locked the counters and seen that it must wait."""
    entry = add_entry(
        db_session,
        places.session_id,
        household_id,
        people,
        wanted,
        now,
        registration=registration,
        series_id=series_id,
        slot_language=slot_language,
    )
    count_places(db_session, places, waiting=1)
    publish(db_session, WaitingBegan(entry.id, places.session_id, household_id, now))
    return entry


def accept_offer(db_session: DbSession, entry: WaitingEntry, session: Session, now: datetime) -> Registration:
    """Take the places that are kept for the household; a second tap answers like the first.

    Raises OfferOver when its time has passed or the session was cancelled: then the places are for the next.
    """
    places = lock_places(db_session, session.id)
    db_session.refresh(entry)
    if entry.state == WaitingState.TAKEN and entry.registration_id:
        return db_session.get_one(Registration, entry.registration_id)
    if entry.state != WaitingState.OFFERED or not entry.offer_expires_at or entry.offer_expires_at <= now:
        raise OfferOver
    registration = become_registration(db_session, entry, now, entry.slot)
    if registration is None:
        raise OfferOver
    close_entry(entry, WaitingState.TAKEN, now, registration)
    count_places(db_session, places, taken=entry.places, offered=-entry.places)
    _tell_accepted(db_session, entry, registration, now)
    return registration


def leave_queue(db_session: DbSession, entry: WaitingEntry, session: Session, now: datetime) -> bool:
    """Stop waiting, or say no to an offer; False when there was nothing to leave any more."""
    places = lock_places(db_session, session.id)
    db_session.refresh(entry)
    if not drop_entry(db_session, entry, places, now):
        return False
    fill_locked(db_session, session, places, now)
    return True


def drop_entry(db_session: DbSession, entry: WaitingEntry, places: SessionPlaces, now: datetime) -> bool:
    """Take an entry out of the queue whose counters the caller has locked; False when it is out already."""
    if not entry.is_open:
        return False
    _uncount(db_session, entry, places)
    close_entry(entry, WaitingState.LEFT, now)
    publish(db_session, WaitingLeft(entry.id, entry.session_id, entry.household_id, now))
    return True


def end_waiting(db_session: DbSession, places: SessionPlaces, registration: Registration, now: datetime) -> None:
    """Staff have let a household in: what it waited for is done, and what was kept for it is free.

    The caller has locked the counters, and fills them.
    """
    entry = open_entry(db_session, registration.session_id, registration.household_id)
    if entry is None:
        return
    _uncount(db_session, entry, places)
    close_entry(entry, WaitingState.TAKEN, now, registration)


def _uncount(db_session: DbSession, entry: WaitingEntry, places: SessionPlaces) -> None:
    if entry.state == WaitingState.OFFERED:
        count_places(db_session, places, offered=-entry.places)
    else:
        count_places(db_session, places, waiting=-1)


def _tell_accepted(db_session: DbSession, entry: WaitingEntry, registration: Registration, now: datetime) -> None:
    ids = (registration.id, entry.session_id, entry.household_id)
    if entry.is_increase:
        publish(db_session, PlacesChanged(*ids, registration.adults, registration.children, now))
    else:
        publish(db_session, HouseholdRegistered(*ids, now))
