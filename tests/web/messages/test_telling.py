"""Who is told, and when: everybody with places and an address; reminders the day before, once; staff see the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.services import cancel_session
from integration.kernel.clock import local_date, midnight, utc_now
from integration.mail.models import DropReason, MessageState, OutboxMessage
from integration.registration.cards import derived_codes
from integration.registration.messages import queue_reminders
from integration.registration.models import Household
from integration.registration.services import cancel_registration
from tests.factories.activities import make_session
from tests.factories.actors import sign_in_as
from tests.fixtures.mail import MailServer
from tests.fixtures.settings import CARD_KEY
from tests.web.messages.signing import COORDINATOR, EMAIL, act, by_day, places_of, send, sign_up

TOMORROW = midnight(local_date(utc_now()) + timedelta(days=1))
NOON = TOMORROW - timedelta(hours=12)
YESTERDAY = NOON - timedelta(days=1)


def kinds(db_session: DbSession) -> list[str]:
    """The kinds of message in the outbox, in the order of writing."""
    return list(db_session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def remind(app: Flask, db_session: DbSession, at: datetime) -> list[str]:
    """Let the job run at this moment; the keys of the reminders that there are then."""
    act(app, db_session, queue_reminders, at)
    return list(db_session.scalars(sa.select(OutboxMessage.key).where(OutboxMessage.kind == "reminder")))


def test_everybody_with_places_is_told_once(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    told = sign_up(app, db_session, session, email="one@example.com")
    sign_up(app, db_session, session, email=None, phone="+358400000000")
    gone = sign_up(app, db_session, session, email="gone@example.com")
    act(app, db_session, cancel_registration, gone.registration, session, utc_now())
    for _twice in range(2):
        act(app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    rows = db_session.execute(
        sa.select(OutboxMessage.recipient_id, OutboxMessage.state, OutboxMessage.drop_reason)
        .where(OutboxMessage.kind == "session_cancelled")
        .order_by(OutboxMessage.id)
    ).all()
    assert len(rows) == 2
    assert (told.card.household_id, MessageState.QUEUED, None) in rows
    assert [tuple(row)[1:] for row in rows if row[0] != told.card.household_id] == [
        (MessageState.DROPPED, DropReason.UNREACHABLE)
    ]


def test_a_session_that_is_over_is_no_news(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_up(app, db_session, session)
    act(app, db_session, cancel_session, COORDINATOR, session, now=session.ends_at + timedelta(hours=1))
    assert kinds(db_session) == ["confirmation"]


def test_a_reminder_comes_once_the_day_before(app: Flask, db_session: DbSession) -> None:
    session = make_session(db_session, starts_at=TOMORROW + timedelta(hours=17))
    made = sign_up(app, db_session, session, now=YESTERDAY)
    assert remind(app, db_session, NOON - timedelta(days=1)) == []
    assert remind(app, db_session, NOON - timedelta(hours=4)) == []
    for _again in range(2):
        assert remind(app, db_session, NOON) == [f"reminder:{places_of(made).id}:{session.local_on:%Y%m%d}"]
    assert len(remind(app, db_session, TOMORROW + timedelta(hours=12))) == 1


@pytest.mark.parametrize("reason", ["signed up today", "wants none", "no address", "given back", "cancelled"])
def test_nobody_is_reminded_in_vain(app: Flask, db_session: DbSession, reason: str) -> None:
    session = make_session(db_session, starts_at=TOMORROW + timedelta(hours=17))
    made = sign_up(
        app,
        db_session,
        session,
        now=NOON if reason == "signed up today" else YESTERDAY,
        email=None if reason == "no address" else EMAIL,
    )
    if reason == "wants none":
        db_session.execute(sa.update(Household).values(reminders=False))
        db_session.commit()
    if reason == "given back":
        act(app, db_session, cancel_registration, made.registration, session, NOON)
    if reason == "cancelled":
        act(app, db_session, cancel_session, COORDINATOR, session, now=NOON)
    assert remind(app, db_session, NOON) == []


def test_the_household_turns_reminders_off_and_on(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    made = sign_up(app, db_session, make_session(db_session), language="en")
    codes = derived_codes(CARD_KEY, made.card.id, made.card.issue)
    page = f"/en/cards/{codes.link_secret}"
    for button, wanted in (("Send no reminders", False), ("Remind us the day before", True)):
        text = client.get(page).get_data(as_text=True)
        assert button in text
        form = text[text.index("/reminders") :].split("</form>")[0]
        fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form))
        assert client.post(f"{page}/reminders", data=fields).status_code == 303
        assert db_session.get_one(Household, made.card.household_id).reminders is wanted


def test_without_an_address_reminders_are_no_question(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    made = sign_up(app, db_session, make_session(db_session), email=None)
    codes = derived_codes(CARD_KEY, made.card.id, made.card.issue)
    assert "/reminders" not in client.get(f"/en/cards/{codes.link_secret}").get_data(as_text=True)


def test_a_reminder_holds_the_card_and_no_invitation(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, starts_at=TOMORROW + timedelta(hours=17))
    sign_up(mailing_app, db_session, session, now=YESTERDAY)
    send(mailing_app, db_session)
    mail_server.inbox.clear()
    remind(mailing_app, db_session, NOON)
    send(mailing_app, db_session, NOON - by_day(utc_now()) + timedelta(minutes=5))
    (letter,) = mail_server.inbox
    assert letter.message["Subject"].startswith("Påminnelse")
    assert "cid:" in letter.html
    assert "text/calendar" not in [each.get_content_type() for each in letter.message.walk()]


def test_staff_see_what_became_of_messages_and_no_address(
    app: Flask, client: FlaskClient, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(db_session)
    sign_up(app, db_session, session)
    sign_up(app, db_session, session, email=None)
    act(app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    db_session.execute(
        sa.update(OutboxMessage).where(OutboxMessage.kind == "confirmation").values(state=MessageState.SENT)
    )
    sign_in_as(client, db_session, Role.COORDINATOR)
    page = client.get(f"/en/staff/sessions/{session.key}").get_data(as_text=True)
    assert "1 household could not be told." in page
    assert "1 message sent" in page
    assert "1 message waits to be sent" in page and "SMTP_URL" not in page
    assert EMAIL not in page
    monkeypatch.setitem(app.extensions, "post_office", replace(app.extensions["post_office"], server=None))
    assert "SMTP_URL" in client.get(f"/en/staff/sessions/{session.key}").get_data(as_text=True)


def test_a_session_without_messages_says_nothing_of_them(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_in_as(client, db_session, Role.COORDINATOR)
    assert "<h2>Messages</h2>" not in client.get(f"/en/staff/sessions/{session.key}").get_data(as_text=True)
