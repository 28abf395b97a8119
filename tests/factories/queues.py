"""A session with a queue for tests of pages: one household is offered places, one waits, one was taken in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from integration.accounts.rules import Actor
from integration.activities.models import Activity, Session
from integration.activities.rules import details_of_activity
from integration.activities.services import change_capacity, create_session
from integration.kernel.database import DbSession
from integration.registration.cards import derived_codes
from integration.registration.rules import People
from integration.registration.services import SignedUp, cancel_registration, register
from tests.fixtures.settings import CARD_KEY


def plant_queue(db_session: DbSession, actor: Actor, activity: Activity, now: datetime) -> dict[str, str]:
    """The session's key and the households' link secrets, by what they are like."""
    session = _session(db_session, actor, activity, now + timedelta(days=9))
    _sign_up(db_session, session, now, "seated", People(2, 1))
    offered = _sign_up(db_session, session, now, "offered", People(1, 1), email="offered@example.com")
    waiting = _sign_up(db_session, session, now, "waiting", People(2, 1))
    change_capacity(db_session, actor, session, 5, now=now)
    other = _session(db_session, actor, activity, now + timedelta(days=10))
    leaver = _sign_up(db_session, other, now, "leaver", People(2, 1)).registration
    taken_in = _sign_up(db_session, other, now, "taken in", People(2, 1))
    if leaver is not None:
        cancel_registration(db_session, leaver, other, now)
    return {
        "queue": session.key,
        "offered_secret": _secret(offered),
        "waiting_secret": _secret(waiting),
        "taken_in_secret": _secret(taken_in),
    }


def _session(db_session: DbSession, actor: Actor, activity: Activity, starts_at: datetime) -> Session:
    details = details_of_activity(activity)
    return create_session(
        db_session, actor, activity, starts_at, now=starts_at, details=type(details)(**{**vars(details), "capacity": 3})
    )


def _sign_up(
    db_session: DbSession, session: Session, now: datetime, token: str, people: People, **over: Any
) -> SignedUp:
    return register(
        db_session,
        session,
        None,
        name="Amina",
        people=people,
        language="sv",
        form_token=f"queue-{token}",
        card_key=CARD_KEY,
        now=now,
        may_wait=True,
        **over,
    )


def _secret(made: SignedUp) -> str:
    return derived_codes(CARD_KEY, made.card.id, made.card.issue).link_secret
