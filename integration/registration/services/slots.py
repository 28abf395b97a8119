"""Individual times: booked, changed for another, and taken away by staff while nobody has them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from integration.accounts.rules import Actor
from integration.activities.models import Session, SessionStatus
from integration.activities.rules import free_places
from integration.activities.services import change_slot_language, drop_slots, lock_places, lock_slots
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest
from integration.registration.errors import SessionIsCancelled, SessionPast, SlotTaken, TimesFree
from integration.registration.events import SlotChanged
from integration.registration.models import Card, Household, Registration
from integration.registration.queries import entry_by_form
from integration.registration.queries.slots import free_slot, free_slots, untaken
from integration.registration.rules import People
from integration.registration.services.filling import fill_locked, fill_places
from integration.registration.services.signing_up import SignedUp, register

ONE = People(1, 0)
"""An individual time is for one person, so that a session has as many places as times."""


class Booking(NamedTuple):
    """What a booking made, or an earlier sending of the same form had made."""

    registration: Registration
    card: Card


def book_slot(
    db_session: DbSession,
    session: Session,
    household: Household | None,
    slot_id: int,
    *,
    name: str,
    phone: str | None = None,
    email: str | None = None,
    help: str | None = None,
    language: str,
    form_token: str,
    card_key: str,
    now: datetime,
) -> Booking:
    """Take an individual time for a household; sending the form again answers with what the first sending made.

    Raises SlotTaken, also where others wait for such a time, or what ``register`` raises. Of two who try at once
    the counters' lock lets one go first, and the unique index would let only one through.
    """
    signed_up = register(
        db_session,
        session,
        household,
        name=name,
        people=ONE,
        phone=phone,
        email=email,
        help=help,
        language=language,
        form_token=form_token,
        card_key=card_key,
        now=now,
        slot_id=slot_id,
    )
    if signed_up.registration is None:
        raise SlotTaken
    return Booking(signed_up.registration, signed_up.card)


def wait_for_time(
    db_session: DbSession,
    session: Session,
    household: Household | None,
    spoken: str | None,
    *,
    form_token: str,
    now: datetime,
    **answers: Any,
) -> SignedUp:
    """Let a household wait for any time of the session, or for one with an adviser who speaks this language.

    Raises TimesFree where there is one that nobody waits for, or what ``register`` raises (its other arguments
    are ``answers``).
    """
    places = lock_places(db_session, session.id)
    if entry_by_form(db_session, digest(f"{session.id}|{form_token}")) is None:
        fill_locked(db_session, session, places, now)
        if free_places(places) and any(
            spoken in (None, each.language) for each in free_slots(db_session, session.id, now)
        ):
            raise TimesFree
    wish: dict[str, Any] = {"slot_language": spoken, "form_token": form_token, "now": now, "may_wait": True}
    return register(db_session, session, household, people=ONE, **answers, **wish)


def change_slot(
    db_session: DbSession, registration: Registration, session: Session, slot_id: int, now: datetime
) -> None:
    """Give a registration another time of its session; the old one is free at once, for those who wait for such.

    Nobody passes the queue: a time that somebody waits for can be had only by who has a place and no time yet.
    Raises SlotTaken (the registration keeps what it has), SessionPast or SessionIsCancelled.
    """
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    if session.ends_at <= now:
        raise SessionPast
    places = lock_places(db_session, session.id)
    db_session.refresh(registration)
    if registration.slot_id == slot_id:
        return
    fill_locked(db_session, session, places, now)
    free = free_slot(db_session, session.id, slot_id, now, awaited=registration.slot_id is None)
    if free is None or not _give(db_session, registration, slot_id):
        raise SlotTaken
    publish(db_session, SlotChanged(registration.id, session.id, registration.household_id, now))
    fill_locked(db_session, session, places, now)


def remove_slots(
    db_session: DbSession, actor: Actor, session: Session, slot_ids: Collection[int], now: datetime
) -> int:
    """Take away those of these times that nobody has; how many they were."""
    free = _held_still(db_session, session, slot_ids)
    if free:
        db_session.execute(
            sa.update(Registration)
            .where(Registration.slot_id.in_(free), Registration.cancelled_at.is_not(None))
            .values(slot_id=None)
            .execution_options(synchronize_session=False)
        )
        drop_slots(db_session, actor, session, free, now=now)
    return len(free)


def let_advisers_speak(
    db_session: DbSession, actor: Actor, session: Session, slot_ids: Collection[int], language: str, now: datetime
) -> int:
    """Change the adviser's language at those of these times that nobody has; how many they were.

    Whoever waits for that language gets them.
    """
    free = _held_still(db_session, session, slot_ids)
    if free:
        change_slot_language(db_session, actor, session, free, language, now=now)
        fill_places(db_session, session, now)
    return len(free)


def _held_still(db_session: DbSession, session: Session, slot_ids: Collection[int]) -> list[int]:
    """Lock the session's times and counters first: whoever books one of them now is seen, or comes too late."""
    lock_slots(db_session, session.id)
    lock_places(db_session, session.id)
    return sorted(untaken(db_session, session.id, slot_ids))


def _give(db_session: DbSession, registration: Registration, slot_id: int) -> bool:
    """Whether the time is theirs now; the unique index has the last word, and loses them nothing else."""
    try:
        with db_session.begin_nested():
            given = db_session.execute(
                sa.update(Registration)
                .where(Registration.id == registration.id, Registration.cancelled_at.is_(None))
                .values(slot_id=slot_id)
                .returning(Registration.id)
                .execution_options(synchronize_session=False)
            ).first()
    except IntegrityError:
        return False
    db_session.expire(registration)
    return given is not None
