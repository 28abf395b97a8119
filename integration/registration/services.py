"""Verbs of registration: sign up, give places back, issue a card, delete a household."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integration.activities.errors import SessionFull
from integration.activities.models import Session
from integration.activities.rules import seats_left
from integration.activities.services import release_places, take_places
from integration.kernel.database import Base, DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest, random_id, random_key
from integration.registration.cards import code_digests, derived_codes
from integration.registration.errors import AlreadyRegistered, NotAnybody, SessionPast
from integration.registration.events import HouseholdDeleted, HouseholdRegistered, RegistrationCancelled
from integration.registration.models import Card, Household, Registration
from integration.registration.queries import (
    card_of_household,
    coming_registrations,
    live_registration,
    registration_by_form,
)
from integration.registration.rules import People, require_open

Row = TypeVar("Row", bound=Base)
VISITOR_KEY_LENGTH = 26
"""26 characters of 31: about 128 random bits, so that a key says nothing and meets no other."""


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
    registration = _insert_registration(db_session, session, household, people, help, form_digest, now)
    if registration is None:
        return _answer_of_the_other(db_session, session, household, form_digest)
    publish(db_session, HouseholdRegistered(registration.id, session.id, household.id, now))
    take_places(db_session, session.id, people.total)
    return SignedUp(registration, card)


def cancel_registration(db_session: DbSession, registration: Registration, session: Session, now: datetime) -> bool:
    """Give the household's places back; False when they were given back before. Raises SessionPast."""
    if session.ends_at <= now:
        raise SessionPast
    cancelled = db_session.execute(
        sa.update(Registration)
        .where(Registration.id == registration.id, Registration.cancelled_at.is_(None))
        .values(cancelled_at=now)
        .returning(Registration.id)
        .execution_options(synchronize_session=False)
    ).first()
    if cancelled is None:
        return False
    publish(db_session, RegistrationCancelled(registration.id, session.id, registration.household_id, now))
    release_places(db_session, session.id, registration.adults + registration.children)
    db_session.expire(registration)
    return True


def set_reminders(db_session: DbSession, household: Household, *, wanted: bool) -> None:
    """Say whether the household wants to be reminded; one that is queued already asks again when it leaves."""
    household.reminders = wanted
    db_session.flush()


def delete_household(db_session: DbSession, household: Household, now: datetime) -> None:
    """Delete everything that tells who they are; coming places go to others, past visits stay as numbers."""
    household_id = household.id
    for registration, session in coming_registrations(db_session, household_id, now):
        cancel_registration(db_session, registration, session, now)
    db_session.flush()
    db_session.execute(
        sa.delete(Household).where(Household.id == household_id).execution_options(synchronize_session=False)
    )
    publish(db_session, HouseholdDeleted(household_id, now))


def stop_feed(card: Card) -> None:
    """Let the address of the card's calendar feed die; the next one differs. The card itself stays as it is."""
    card.feed_issue += 1


def issue_card(db_session: DbSession, household_id: int, card_key: str, now: datetime) -> Card:
    """Give the household its first card; another id is drawn in the rare case that a short code is taken."""
    while True:
        card = _insert_card(db_session, household_id, card_key, now)
        if card is not None:
            return card


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


def _insert_card(db_session: DbSession, household_id: int, card_key: str, now: datetime) -> Card | None:
    card_id, issue = random_id(), 1
    digests = code_digests(derived_codes(card_key, card_id, issue))
    return _insert_unless_taken(
        db_session,
        Card,
        id=card_id,
        household_id=household_id,
        issue=issue,
        pass_digest=digests.pass_digest,
        code_digest=digests.code_digest,
        link_digest=digests.link_digest,
        visitor_key=random_key(VISITOR_KEY_LENGTH),
        issued_at=now,
    )


def _insert_registration(
    db_session: DbSession,
    session: Session,
    household: Household,
    people: People,
    help: str | None,
    form_digest: str,
    now: datetime,
) -> Registration | None:
    return _insert_unless_taken(
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
    )


def _insert_unless_taken(db_session: DbSession, table: type[Row], **values: object) -> Row | None:
    """Insert a row unless a unique constraint says that another one has its place; waits for one being written."""
    insert = postgresql.insert if db_session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return db_session.scalar(insert(table).values(**values).on_conflict_do_nothing().returning(table))


def _answer_of_the_other(db_session: DbSession, session: Session, household: Household, form_digest: str) -> SignedUp:
    """The same form was sent twice at once, or the household signed up twice at once: the other one was first."""
    first = registration_by_form(db_session, form_digest)
    if first is None:
        live = live_registration(db_session, session.id, household.id)
        raise AlreadyRegistered(live.id if live else 0)
    if first.household_id != household.id:
        db_session.execute(sa.delete(Household).where(Household.id == household.id))
    return SignedUp(first, card_of_household(db_session, first.household_id))
