"""Whom a message is for and what it is about, read from the rows as they are when it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from integration.activities.models import Session, SessionStatus
from integration.activities.queries import sessions_by_id
from integration.activities.rules import title_of
from integration.i18n.dates import day
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import DbSession, Texts
from integration.mail.errors import Outdated
from integration.mail.letters import Order
from integration.registration.cards import Codes, derived_codes
from integration.registration.models import Household, Registration, WaitingEntry
from integration.registration.queries import card_of_household


@dataclass(frozen=True)
class Told:
    """Whom a message is for, and what it is about: places, or an entry in the queue."""

    people: Registration | WaitingEntry
    household: Household
    session: Session
    codes: Codes

    @property
    def title(self) -> str:
        """The session's title in the reader's language, or the one it has."""
        return in_words(title_of(self.session))

    @property
    def day(self) -> str:
        """The session's weekday and date in words."""
        return day(self.session.starts_at)

    @property
    def starts_at(self) -> datetime:
        """When this household comes: at its individual time where it has one, or is offered one."""
        slot = self.people.slot
        return slot.starts_at if slot else self.session.starts_at

    @property
    def ends_at(self) -> datetime:
        """When this household's time ends."""
        slot = self.people.slot
        return slot.ends_at if slot else self.session.ends_at

    @property
    def registration(self) -> Registration | None:
        """Their places, if they have any."""
        return self.people if isinstance(self.people, Registration) else None

    @property
    def entry(self) -> WaitingEntry | None:
        """Their entry in the queue, if the message is about one."""
        return self.people if isinstance(self.people, WaitingEntry) else None


def household_address(db_session: DbSession, household_id: int) -> str | None:
    """The e-mail address of a household as it is now."""
    return db_session.scalar(sa.select(Household.email).where(Household.id == household_id))


def household_phone(db_session: DbSession, household_id: int) -> str | None:
    """The phone number of a household as it is now."""
    return db_session.scalar(sa.select(Household.phone).where(Household.id == household_id))


def told_of(db_session: DbSession, order: Order, card_key: str) -> Told:
    """Whom this is for; Outdated when the sign-up or the entry is gone."""
    facts = order.facts
    people: Registration | WaitingEntry | None
    if "registration" in facts:
        people = db_session.get(Registration, facts["registration"])
    else:
        people = db_session.get(WaitingEntry, facts["entry"])
    if people is None:
        raise Outdated
    session = sessions_by_id(db_session, [people.session_id])[people.session_id]
    card = card_of_household(db_session, people.household_id)
    return Told(people, card.household, session, derived_codes(card_key, card.id, card.issue))


def expected(db_session: DbSession, order: Order, card_key: str) -> Told:
    """The same; Outdated unless they still have places, or wait, at a session that will be held."""
    told = told_of(db_session, order, card_key)
    if told.session.status == SessionStatus.CANCELLED or told.session.ends_at <= order.now:
        raise Outdated
    if told.registration is not None and told.registration.cancelled_at:
        raise Outdated
    if told.registration is None and not (told.entry and told.entry.is_open):
        raise Outdated
    return told


def in_words(texts: Texts | None) -> str:
    """The text in the reader's language, or the one it has."""
    return localize(texts, current_code()).text
