"""Signing a household up."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from integration.activities.errors import SessionFull
from integration.activities.models import Session
from integration.activities.rules import seats_left
from integration.activities.services import take_places
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest, random_id
from integration.registration.errors import AlreadyRegistered, NotAnybody, SlotTaken
from integration.registration.events import HouseholdRegistered
from integration.registration.models import Card, Household, Registration
from integration.registration.queries import (
    card_of_household,
    live_registration,
    registration_by_form,
)
from integration.registration.rules import People, require_open
from integration.registration.services.cards import issue_card
from integration.registration.services.writing import insert_unless_taken


class SignedUp(NamedTuple):
    """What a sign-up made, or an earlier sending of the same form had made."""

    registration: Registration
    card: Card


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
    series_id: int | None = None,
) -> SignedUp:
    """Take places at a session for a whole household: a new one, or the one that comes again.

    The form's one-time token makes repeating it harmless: it answers with what the first sending made. Raises
    the reason why not: SessionFull, AlreadyRegistered, NotAnybody, or one of ``rules.require_open``.
    """
    form_digest = digest(f"{session.id}|{form_token}")
    earlier = registration_by_form(db_session, form_digest)
    if earlier is not None:
        return SignedUp(earlier, card_of_household(db_session, earlier.household_id))
    require_open(session, now)
    _require_possible(db_session, session, household, people)
    if household is None:
        household, card = _new_household(db_session, name, phone, email, language, card_key, now)
    else:
        card = card_of_household(db_session, household.id)
        _refresh_contact(household, name, phone, email)
    belongs = {"slot_id": slot_id, "series_id": series_id}
    registration = _insert_registration(db_session, session, household, people, help, form_digest, now, **belongs)
    if registration is None:
        return _answer_of_the_other(db_session, session, household, form_digest, slot_id)
    publish(db_session, HouseholdRegistered(registration.id, session.id, household.id, now))
    take_places(db_session, session.id, people.total)
    return SignedUp(registration, card)


def _require_possible(db_session: DbSession, session: Session, household: Household | None, people: People) -> None:
    """Refuse before anything is written what would be refused in the end; the database has the last word."""
    if not people.is_possible:
        raise NotAnybody
    if household is not None:
        live = live_registration(db_session, session.id, household.id)
        if live is not None:
            raise AlreadyRegistered(live.id)
    left = seats_left(session.places)
    if left is not None and left < people.total:
        raise SessionFull(left)


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
        adults=people.adults,
        children=people.children,
        children_0_6=people.children_0_6,
        children_7_12=people.children_7_12,
        children_13_17=people.children_13_17,
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
