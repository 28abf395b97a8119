"""What these tests do again and again: sign a household up as its form does, and let the outbox leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask

from integration.accounts.rules import Actor, Role
from integration.activities.models import Session
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.mail.rules import is_quiet
from integration.mail.services import send_due, send_due_sms
from integration.registration.models import Registration
from integration.registration.rules import People
from integration.registration.services import SignedUp, register
from tests.fixtures.settings import CARD_KEY

COORDINATOR = Actor(1, ((Role.COORDINATOR, None),))
EMAIL = "amina@example.com"
_tokens = count(1)


def sign_up(app: Flask, db_session: DbSession, session: Session, household: Any = None, **over: Any) -> SignedUp:
    """Sign a household up, with an address unless told otherwise, and commit."""
    values: dict[str, Any] = {
        "name": "Amina",
        "people": People(2, 1),
        "email": EMAIL,
        "language": "sv",
        "form_token": f"messages-{next(_tokens)}",
        "card_key": CARD_KEY,
        "now": utc_now(),
    }
    with app.app_context():
        made = register(db_session, session, household, **{**values, **over})
    db_session.commit()
    return made


def places_of(made: SignedUp) -> Registration:
    """The places that a sign-up took."""
    assert made.registration is not None
    return made.registration


def act(app: Flask, db_session: DbSession, verb: Callable[..., Any], *args: Any, **over: Any) -> Any:
    """Do something that is news, and commit."""
    with app.app_context():
        result = verb(db_session, *args, **over)
    db_session.commit()
    return result


def by_day(now: datetime) -> datetime:
    """This moment, or the next morning: a test that runs at night is no other test."""
    while is_quiet(now):
        now += timedelta(minutes=15)
    return now


def send(app: Flask, db_session: DbSession, later: timedelta = timedelta()) -> datetime:
    """Let everything leave that is due by then, as if it were day; look at the database anew."""
    now = by_day(utc_now()) + later
    with app.app_context():
        send_due(now)
        send_due_sms(now)
    db_session.rollback()
    db_session.expire_all()
    return now
