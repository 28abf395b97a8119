"""Households, cards and registrations for tests; committing is the test's."""

from __future__ import annotations

from typing import Any

from integration.activities.models import Session
from integration.activities.services import take_places
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_id
from integration.registration.models import Card, Household, Registration
from integration.registration.rules import People
from integration.registration.services import issue_card
from tests.fixtures.settings import CARD_KEY


def make_household(db_session: DbSession, **over: Any) -> Household:
    """A household with a name and no contact."""
    values: dict[str, Any] = {
        "id": random_id(),
        "name": "Amina",
        "phone": None,
        "email": None,
        "language": "sv",
        "created_at": utc_now(),
    }
    household = Household(**{**values, **over})
    db_session.add(household)
    db_session.flush()
    return household


def make_card(db_session: DbSession, household: Household | None = None, *, card_key: str = CARD_KEY) -> Card:
    """A living card whose codes the tests' application knows."""
    household = household or make_household(db_session)
    return issue_card(db_session, household.id, card_key, utc_now())


def make_registration(
    db_session: DbSession,
    session: Session,
    household: Household | None = None,
    *,
    people: People | None = None,
    **over: Any,
) -> Registration:
    """Two adults and a child of a household (a new one without a card) at a session, their places taken."""
    household = household or make_household(db_session)
    people = people or People(2, 1)
    values: dict[str, Any] = {
        "id": random_id(),
        "session_id": session.id,
        "household": household,
        "adults": people.adults,
        "children": people.children,
        "children_0_6": people.children_0_6,
        "children_7_12": people.children_7_12,
        "children_13_17": people.children_13_17,
        "help": None,
        "form_digest": None,
        "created_at": utc_now(),
        "cancelled_at": None,
    }
    registration = Registration(**{**values, **over})
    db_session.add(registration)
    db_session.flush()
    take_places(db_session, session.id, people.total)
    return registration
