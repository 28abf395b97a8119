"""Offers go to those whom they reach in time: by a mail server or a gateway that is set (rule 13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from integration.activities.models import Session
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.registration.models import Household, WaitingState
from integration.registration.queries import live_registration, open_entry
from integration.registration.rules import People
from integration.registration.services import SignedUp, cancel_registration, register
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household
from tests.fixtures.settings import CARD_KEY

MAIL, SMS = "smtp://127.0.0.1:9", "http://127.0.0.1:9/"


@pytest.mark.parametrize(
    ("smtp_url", "sms_url", "email", "phone", "asked"),
    [
        (MAIL, "", True, False, True),
        ("", "", True, False, False),
        ("", SMS, True, False, False),
        ("", SMS, False, True, True),
        (MAIL, "", False, True, False),
        ("", SMS, True, True, True),
        ("", "", True, True, False),
    ],
)
def test_an_offer_that_could_not_leave_is_none(
    make_app: Callable[..., Flask],
    db_session: DbSession,
    smtp_url: str,
    sms_url: str,
    email: bool,
    phone: bool,
    asked: bool,
) -> None:
    app, now = make_app(smtp_url=smtp_url, sms_url=sms_url), utc_now()
    session = make_session(db_session, starts_at=now + timedelta(days=5), capacity=1)
    waits = make_household(
        db_session, email="a@example.com" if email else None, phone="+358401234567" if phone else None
    )
    with app.app_context():
        first = sign_up(db_session, session, make_household(db_session))
        sign_up(db_session, session, waits)
        assert first.registration is not None
        cancel_registration(db_session, first.registration, session, now)
    entry = open_entry(db_session, session.id, waits.id)
    assert (entry is not None and entry.state == WaitingState.OFFERED) is asked
    assert (live_registration(db_session, session.id, waits.id) is None) is asked


def sign_up(db_session: DbSession, session: Session, household: Household) -> SignedUp:
    make_card(db_session, household)
    return register(
        db_session,
        session,
        household,
        name="",
        people=People(1, 0),
        language="sv",
        form_token=f"{household.id:032d}",
        card_key=CARD_KEY,
        now=utc_now(),
        may_wait=True,
    )
