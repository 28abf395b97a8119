"""Signing a household up."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from integration.accounts.rules import Actor
from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionPlaces
from integration.activities.rules import free_places, seats_left
from integration.activities.services import count_places, lock_places, take_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest, random_id
from integration.registration.errors import AlreadyRegistered, AlreadyWaiting, NotAnybody, SlotTaken
from integration.registration.events import HouseholdRegistered
from integration.registration.models import Card, Household, Registration, WaitingEntry
from integration.registration.queries import (
    card_of_household,
    entry_by_form,
    live_registration,
    open_entry,
    registration_by_form,
)
from integration.registration.queries.slots import free_slot, free_slots
from integration.registration.rules import People, may_pass, must_wait, require_open, takes_queue
from integration.registration.services.beyond import take_beyond
from integration.registration.services.cards import issue_card
from integration.registration.services.entries import people_columns
from integration.registration.services.filling import fill_locked
from integration.registration.services.waiting import end_waiting, join_queue
from integration.registration.services.writing import insert_unless_taken


class SignedUp(NamedTuple):
    """What a sign-up made, or an earlier sending of the same form had made: places, or an entry in the queue."""

    registration: Registration | None
    card: Card
    entry: WaitingEntry | None = None


def register(
    db_session: DbSession,
    session: Session,
    household: Household | None,
    *,
    name: str,
    people: People,
    phone: str | None = None,
    email: str | None = None,
    help: str | None = None,
    language: str,
    form_token: str,
    card_key: str,
    now: datetime,
    slot_id: int | None = None,
    slot_language: str | None = None,
    series_id: int | None = None,
    may_wait: bool = False,
    beyond: Actor | None = None,
) -> SignedUp:
    """Take places at a session for a whole household: a new one, or the one that comes again.

    Where there is no room, or others wait, it joins the queue if it said so (``may_wait``); staff may let it in
    all the same (``beyond``, which leaves a trace). The form's one-time token makes repeating it harmless: it
    answers with what the first sending made. ``slot_id`` is the individual time that they take, ``slot_language``
    what the adviser has to speak at the one that they wait for. Raises the reason why not: SessionFull, SlotTaken,
    AlreadyRegistered, AlreadyWaiting, NotAnybody, NotPermitted, or one of ``rules.require_open``.
    """
    form_digest = digest(f"{session.id}|{form_token}")
    locked = _lock_if_needed(db_session, session, may_wait=may_wait or beyond is not None)
    earlier = _answer_of_the_first(db_session, form_digest, queue_too=locked is not None)
    if earlier is not None:
        return earlier
    require_open(session, now)
    _require_possible(db_session, session, household, people, beyond)
    time = (slot_id, slot_language)
    waits = beyond is None and _has_to_wait(db_session, session, locked, people, now, time, may_wait=may_wait)
    household, card = _whoever_comes(db_session, household, name, phone, email, language, card_key, now)
    if waits and locked is not None:
        wishes: dict[str, Any] = {"series_id": series_id, "slot_language": slot_language}
        entry = join_queue(db_session, locked, household.id, people, people.total, now, **wishes)
        entry.help, entry.form_digest = help or None, form_digest
        return SignedUp(None, card, entry)
    belongs = {"slot_id": slot_id, "series_id": series_id}
    registration = _insert_registration(db_session, session, household, people, help, form_digest, now, **belongs)
    if registration is None:
        return _answer_of_the_other(db_session, session, household, form_digest, slot_id)
    publish(db_session, HouseholdRegistered(registration.id, session.id, household.id, now))
    _take(db_session, session, locked, registration, people, beyond, now)
    return SignedUp(registration, card)


def _answer_of_the_first(db_session: DbSession, form_digest: str, *, queue_too: bool) -> SignedUp | None:
    """What an earlier sending of the same form made."""
    registration = registration_by_form(db_session, form_digest)
    if registration is not None:
        return SignedUp(registration, card_of_household(db_session, registration.household_id))
    entry = entry_by_form(db_session, form_digest) if queue_too else None
    return SignedUp(None, card_of_household(db_session, entry.household_id), entry) if entry else None


def _require_possible(
    db_session: DbSession, session: Session, household: Household | None, people: People, beyond: Actor | None
) -> None:
    """Refuse what cannot be: nobody, or a household that has places or waits for them already."""
    if not people.is_possible:
        raise NotAnybody
    if household is None:
        return
    live = live_registration(db_session, session.id, household.id)
    if live is not None:
        raise AlreadyRegistered(live.id)
    if beyond is None and (session.places.waiting or session.places.offered):
        entry = open_entry(db_session, session.id, household.id)
        if entry is not None:
            raise AlreadyWaiting(entry.id)


def _require_room(session: Session, people: People) -> None:
    """Refuse before anything is written what would be refused in the end; the database has the last word."""
    left = seats_left(session.places)
    if left is not None and left < people.total:
        raise SessionFull(left)


def _lock_if_needed(db_session: DbSession, session: Session, *, may_wait: bool) -> SessionPlaces | None:
    """The counters, locked where a queue or individual times make people go one after the other."""
    return lock_places(db_session, session.id) if may_wait or session.slot_minutes is not None else None


def _has_to_wait(
    db_session: DbSession,
    session: Session,
    locked: SessionPlaces | None,
    people: People,
    now: datetime,
    time: tuple[int | None, str | None],
    *,
    may_wait: bool,
) -> bool:
    """Whether they have to wait; refuse whoever would and did not say so, or for whom there is no queue any more."""
    if locked is None:
        _require_room(session, people)
        return False
    waits = _must_wait(db_session, session, locked, people, now, *time)
    if not waits or (may_wait and takes_queue(session, now)):
        return waits
    if time[0] is not None:
        raise SlotTaken
    raise SessionFull(seats_left(locked) or 0)


def _must_wait(
    db_session: DbSession,
    session: Session,
    places: SessionPlaces,
    people: People,
    now: datetime,
    slot_id: int | None,
    slot_language: str | None,
) -> bool:
    """Whether they have to wait, after everybody whose turn it is has got what is free."""
    fill_locked(db_session, session, places, now)
    free = free_places(places)
    if session.slot_minutes is None:
        return must_wait(people.total, free, places.waiting, passing=may_pass(session.starts_at, now))
    if free is not None and people.total > free:
        return True
    if slot_id is not None:
        return free_slot(db_session, session.id, slot_id, now) is None
    if slot_language is None and not places.waiting:
        return False
    times = free_slots(db_session, session.id, now)
    return not any(slot_language in (None, each.language) for each in times)


def _take(
    db_session: DbSession,
    session: Session,
    locked: SessionPlaces | None,
    registration: Registration,
    people: People,
    beyond: Actor | None,
    now: datetime,
) -> None:
    if locked is None:
        take_places(db_session, session.id, people.total)
    elif beyond is None:
        count_places(db_session, locked, taken=people.total)
    else:
        take_beyond(db_session, session, locked, people.total, beyond, now)
        end_waiting(db_session, locked, registration, now)


def _whoever_comes(
    db_session: DbSession,
    household: Household | None,
    name: str,
    phone: str | None,
    email: str | None,
    language: str,
    card_key: str,
    now: datetime,
) -> tuple[Household, Card]:
    if household is None:
        return _new_household(db_session, name, phone, email, language, card_key, now)
    card = card_of_household(db_session, household.id)
    _refresh_contact(household, name, phone, email)
    return household, card


def _new_household(
    db_session: DbSession,
    name: str,
    phone: str | None,
    email: str | None,
    language: str,
    card_key: str,
    now: datetime,
) -> tuple[Household, Card]:
    household = Household(id=random_id(), name=name, phone=phone, email=email, language=language, created_at=now)
    db_session.add(household)
    db_session.flush()
    return household, issue_card(db_session, household.id, card_key, now)


def _refresh_contact(household: Household, name: str, phone: str | None, email: str | None) -> None:
    """Who comes again may add a contact; a name comes back only where time has taken it."""
    household.name = household.name or name or None
    household.phone = phone or household.phone
    household.email = email or household.email


def _insert_registration(
    db_session: DbSession,
    session: Session,
    household: Household,
    people: People,
    help: str | None,
    form_digest: str,
    now: datetime,
    **belongs: int | None,
) -> Registration | None:
    return insert_unless_taken(
        db_session,
        Registration,
        id=random_id(),
        session_id=session.id,
        household_id=household.id,
        **people_columns(people),
        help=help or None,
        form_digest=form_digest,
        created_at=now,
        **belongs,
    )


def _answer_of_the_other(
    db_session: DbSession, session: Session, household: Household, form_digest: str, slot_id: int | None = None
) -> SignedUp:
    """The same form was sent twice at once, or the household signed up twice at once: the other one was first.

    Where neither is so, somebody else was first to the individual time.
    """
    first = registration_by_form(db_session, form_digest)
    if first is None:
        live = live_registration(db_session, session.id, household.id)
        if slot_id is not None and live is None:
            raise SlotTaken
        raise AlreadyRegistered(live.id if live else 0)
    if first.household_id != household.id:
        db_session.execute(sa.delete(Household).where(Household.id == household.id))
    return SignedUp(first, card_of_household(db_session, first.household_id))
