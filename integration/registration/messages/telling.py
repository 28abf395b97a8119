"""When households are told: news of registrations and sessions become messages, in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.events import SessionCancelled, SessionMoved, SessionRestored
from integration.activities.models import Session
from integration.kernel.database import DbSession
from integration.mail.services import Fact, drop_messages_of
from integration.registration.events import (
    HouseholdDeleted,
    HouseholdRegistered,
    OfferExpired,
    PlaceOffered,
    PlacesChanged,
    RegistrationCancelled,
    SeriesJoined,
    SeriesLeft,
    SlotChanged,
    TakenIn,
    VisitorsCame,
    WaitingBegan,
    WaitingLeft,
)
from integration.registration.messages.contacts import tell_contacts
from integration.registration.messages.reach import HOUSEHOLD, Manner, fact_for, fact_of, tell
from integration.registration.models import Card, Household, Registration, WaitingEntry, WaitingState
from integration.registration.queries import registrations_of_session

CANNOT_WAIT = timedelta(hours=24)
"""What changes so shortly before its start goes by SMS, at night too."""


def confirm(db_session: DbSession, news: HouseholdRegistered) -> None:
    """A household has places: say so to those who gave a contact; the page says it to everybody.

    A date of a series is told with the whole of it.
    """
    registration = db_session.get_one(Registration, news.registration_id)
    if registration.series_id is None:
        _answer(db_session, registration, "confirmation", news)


def confirm_giving_back(db_session: DbSession, news: RegistrationCancelled) -> None:
    """A household gave its places back: say so, and take the entry out of its calendar."""
    if news.told:
        _answer(db_session, db_session.get_one(Registration, news.registration_id), "places_given_back", news)


def confirm_change(db_session: DbSession, news: PlacesChanged) -> None:
    """More or fewer come: say how many now. The same number a second time is a fact of its own."""
    registration = db_session.get_one(Registration, news.registration_id)
    _answer(db_session, registration, "places_changed", news, _version(news))


def confirm_slot(db_session: DbSession, news: SlotChanged) -> None:
    """Another individual time at the same session."""
    registration = db_session.get_one(Registration, news.registration_id)
    _answer(db_session, registration, "slot_changed", news, _version(news))


def confirm_series(db_session: DbSession, news: SeriesJoined) -> None:
    """Signed up for a whole series: one message with all of its dates."""
    household = db_session.get_one(Household, news.household_id)
    about = f"activity:{news.activity_id}"
    fact = fact_for(
        household, "series_joined", f"{news.series_id}", about, series=news.series_id, activity=news.activity_id
    )
    tell(db_session, household, fact, now=news.at, at_night=True)


def confirm_leaving_series(db_session: DbSession, news: SeriesLeft) -> None:
    """A household left a series: one message for all of the dates that it gave back."""
    household = db_session.get_one(Household, news.household_id)
    facts = {"series": news.series_id, "activity": news.activity_id, "dates": news.dates}
    fact = fact_for(household, "series_left", f"{news.series_id}", f"activity:{news.activity_id}", **facts)
    tell(db_session, household, fact, now=news.at, at_night=True)


def confirm_waiting(db_session: DbSession, news: WaitingBegan) -> None:
    """A household waits: say what happens next."""
    _tell_waiting(db_session, "waiting_begun", news, at_night=True)


def offer(db_session: DbSession, news: PlaceOffered) -> None:
    """Places are kept for a household: it has to answer in time. Never at night: the offer waits for the morning."""
    _tell_waiting(db_session, "place_offered", news, manner=Manner.QUICK, due_at=news.tell_at, must=True)


def tell_too_late(db_session: DbSession, news: OfferExpired) -> None:
    """An offer ran out: say so, and how to queue again."""
    _tell_waiting(db_session, "offer_expired", news)


def tell_taken_in(db_session: DbSession, news: TakenIn) -> None:
    """A household has places without having been asked; one without any contact sees it on its card's page."""
    registration = db_session.get_one(Registration, news.registration_id)
    household = db_session.get_one(Household, news.household_id)
    fact = fact_of("taken_in", registration, household, f":{news.entry_id}")
    session = db_session.get_one(Session, news.session_id)
    soon = Manner.EVERYWHERE if session.starts_at - news.at <= CANNOT_WAIT else Manner.LETTER
    has_phone = bool(household.phone)
    tell(db_session, household, fact, now=news.at, manner=soon, due_at=news.tell_at, must=has_phone)


def tell_out_of_queue(db_session: DbSession, news: WaitingLeft) -> None:
    """Staff took a household out of the queue; one that left by itself knows."""
    if news.told:
        _tell_waiting(db_session, "waiting_left", news)


def tell_of_moving(db_session: DbSession, news: SessionMoved) -> None:
    """A session has another time or place: everybody who is signed up or waits must know."""
    _tell_everybody(db_session, "session_moved", news)


def tell_of_cancelling(db_session: DbSession, news: SessionCancelled) -> None:
    """A session will not be held: everybody who is signed up or waits must know."""
    _tell_everybody(db_session, "session_cancelled", news)


def tell_of_restoring(db_session: DbSession, news: SessionRestored) -> None:
    """A cancelled session will be held after all: everybody who is signed up must know."""
    _tell_everybody(db_session, "session_restored", news)


def thank(db_session: DbSession, news: VisitorsCame) -> None:
    """A session was held: thank the households that came, once, by e-mail, unless they want no reminders."""
    households = db_session.scalars(
        sa.select(Household)
        .join(Card, Card.household_id == Household.id)
        .where(Card.visitor_key.in_(news.visitor_keys), Household.email.is_not(None), Household.reminders)
        .order_by(Household.id)
    )
    for household in households:
        fact = fact_for(
            household,
            "thanks",
            f"{news.session_id}:{household.id}",
            f"session:{news.session_id}",
            session=news.session_id,
        )
        tell(db_session, household, fact, now=news.at, manner=Manner.LETTER_ONLY)


def forget_messages(db_session: DbSession, news: HouseholdDeleted) -> None:
    """A household deleted itself: nothing that still waits is sent."""
    drop_messages_of(db_session, HOUSEHOLD, news.household_id)


def _answer(db_session: DbSession, registration: Registration, kind: str, news: Any, version: str = "") -> None:
    """Confirm at once, whatever the hour, what the household has just done itself."""
    household = db_session.get_one(Household, news.household_id)
    tell(db_session, household, fact_of(kind, registration, household, version), now=news.at, at_night=True)


def _tell_waiting(db_session: DbSession, kind: str, news: Any, **how: Any) -> None:
    household = db_session.get_one(Household, news.household_id)
    tell(db_session, household, _waiting_fact(kind, news.entry_id, news.session_id, household), now=news.at, **how)


def _tell_everybody(db_session: DbSession, kind: str, news: Any) -> None:
    """One fact per household; without a contact it stands as could not be told, so that staff may call."""
    session = db_session.get_one(Session, news.session_id)
    if session.ends_at <= news.at:
        return
    soon = session.starts_at - news.at <= CANNOT_WAIT
    manner = Manner.EVERYWHERE if soon else Manner.LETTER
    version = f":{session.sequence}"
    signed_up = registrations_of_session(db_session, session.id)
    for each in signed_up:
        fact = fact_of(kind, each, each.household, version)
        tell(db_session, each.household, fact, now=news.at, manner=manner, at_night=soon, must=True)
    known = {each.household_id for each in signed_up}
    for entry in _waiting_at(db_session, session.id, news.at):
        if entry.household_id not in known and kind != "session_restored":
            fact = _waiting_fact(kind, entry.id, session.id, entry.household, version)
            tell(db_session, entry.household, fact, now=news.at, manner=manner, at_night=soon)
    tell_contacts(db_session, kind, session, news, manner, at_night=soon)


def _waiting_at(db_session: DbSession, session_id: int, at: datetime) -> list[WaitingEntry]:
    """Who waits, or did until this very news closed the queue."""
    closed_now = sa.and_(WaitingEntry.state == WaitingState.VOID, WaitingEntry.closed_at == at)
    return list(
        db_session.scalars(
            sa.select(WaitingEntry)
            .where(WaitingEntry.session_id == session_id, sa.or_(WaitingEntry.closed_at.is_(None), closed_now))
            .options(joinedload(WaitingEntry.household, innerjoin=True))
            .order_by(WaitingEntry.turn)
        )
    )


def _waiting_fact(kind: str, entry_id: int, session_id: int, household: Household, version: str = "") -> Fact:
    return fact_for(
        household, kind, f"{entry_id}{version}", f"session:{session_id}", entry=entry_id, session=session_id
    )


def _version(news: PlacesChanged | SlotChanged) -> str:
    return f":{int(news.at.timestamp())}"
