"""Who answers for a group, and who asked for a stand, is told by e-mail or SMS; leaving a series is confirmed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionKind
from integration.activities.services import cancel_session, move_session, restore_session
from integration.kernel.clock import utc_now
from integration.mail.models import DropReason, OutboxMessage
from integration.organisations.models import OrganisationKind
from integration.registration.models import Household, Stand
from integration.registration.rules import People
from integration.registration.services.groups import register_group
from integration.registration.services.series import Wish, join_series, leave_series
from integration.registration.services.stands import ask_for_stand, confirm_stand, decline_stand
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.fixtures.mail import MailServer
from tests.fixtures.settings import CARD_KEY
from tests.web.messages.signing import COORDINATOR, act, send
from tools.sms_gateway import Gateway

CONTACT = {"help": None, "form_token": "A" * 32}


def a_group(app: Flask, db_session: DbSession, session: Session, **contact: str | None) -> None:
    """A class of twenty and its teacher."""
    ways = {"phone": None, "email": "teacher@example.com", **contact}
    about = {"name": "Class 3", "contact_name": "Teacher", "adults": 2, "children": 20, "language": "fi"}
    act(app, db_session, register_group, session, **about, **ways, **CONTACT, now=utc_now())


def a_stand(app: Flask, db_session: DbSession, session: Session, **contact: str | None) -> Stand:
    """An association that asks for a stand."""
    ways = {"phone": None, "email": "association@example.com", **contact}
    about = {"name": "The bridge", "contact_role": "Chair", "needs": None, "language": "sv", "form_token": "B" * 32}
    act(app, db_session, ask_for_stand, session, **about, **ways, now=utc_now())
    return db_session.scalars(sa.select(Stand)).one()


def subjects(app: Flask, db_session: DbSession, mail_server: MailServer) -> list[tuple[str, str]]:
    """To whom and with which subject letters leave now, also those of a few seconds from now."""
    mail_server.inbox.clear()
    send(app, db_session, later=timedelta(minutes=1))
    return sorted((each.message["To"], each.message["Subject"].split(":")[0]) for each in mail_server.inbox)


def test_groups_and_stands_hear_that_it_is_off_moved_and_on_again(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, kind=SessionKind.FAIR, capacity=90)
    a_group(mailing_app, db_session, session)
    a_stand(mailing_app, db_session, session)
    act(mailing_app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    both = ["association@example.com", "teacher@example.com"]
    assert subjects(mailing_app, db_session, mail_server) == list(zip(both, ["Inställt", "Peruttu"], strict=True))
    act(mailing_app, db_session, restore_session, COORDINATOR, session, now=utc_now())
    assert [to for to, _ in subjects(mailing_app, db_session, mail_server)] == both
    later = session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1)
    act(mailing_app, db_session, move_session, COORDINATOR, session, *later, venue_id=session.venue_id, now=utc_now())
    moved = subjects(mailing_app, db_session, mail_server)
    assert moved == list(zip(both, ["Ny tid eller plats", "Uusi aika tai paikka"], strict=True))
    assert "/sessions/" + session.key in mail_server.inbox[0].text


def test_whoever_asked_for_a_stand_gets_the_answer_that_holds(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, kind=SessionKind.FAIR, capacity=90)
    stand = a_stand(mailing_app, db_session, session)
    now = utc_now()
    answer = (COORDINATOR, stand, session, None, OrganisationKind.ASSOCIATION)
    act(mailing_app, db_session, confirm_stand, *answer, now)
    act(mailing_app, db_session, decline_stand, COORDINATOR, stand, session, now + timedelta(seconds=1))
    (to,) = {to for to, _ in subjects(mailing_app, db_session, mail_server)}
    (letter,) = mail_server.inbox
    assert to == "association@example.com" and "Det finns inget bord för er" in letter.text, "the yes was taken back"
    act(mailing_app, db_session, confirm_stand, *answer, now + timedelta(seconds=2))
    act(mailing_app, db_session, confirm_stand, *answer, now + timedelta(seconds=3))
    subjects(mailing_app, db_session, mail_server)
    (letter,) = mail_server.inbox
    assert "Det finns ett bord för er" in letter.text


def test_a_contact_with_a_phone_gets_an_sms(telling_app: Flask, db_session: DbSession, sms_gateway: Gateway) -> None:
    session = make_session(db_session, kind=SessionKind.FAIR, capacity=90)
    stand = a_stand(telling_app, db_session, session, email=None, phone="+358401234567")
    answer = (COORDINATOR, stand, session, None, OrganisationKind.ASSOCIATION, utc_now())
    act(telling_app, db_session, confirm_stand, *answer)
    send(telling_app, db_session)
    (sms,) = sms_gateway.taken
    assert sms.to == "+358401234567" and sms.text.startswith("Det finns ett bord för er: Kafé")


def test_staff_see_whom_of_the_groups_to_ring(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=90)
    a_group(app, db_session, session, email=None, phone="+358401234567")
    act(app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    assert db_session.scalars(sa.select(OutboxMessage.drop_reason)).one() == DropReason.UNREACHABLE
    sign_in_as(client, db_session, Role.COORDINATOR)
    page = client.get(f"/en/staff/sessions/{session.key}/messages").get_data(as_text=True)
    assert "Class 3" in page and "+358401234567" in page


def test_leaving_a_series_is_confirmed_once(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    activity, now = make_activity(db_session, series=True), utc_now()
    dates = [
        make_session(db_session, activity=activity, starts_at=now + timedelta(days=days), capacity=20)
        for days in (7, 14)
    ]
    wish = Wish("Amina", People(1, 1), None, "amina@example.com", None, "en")
    token = {"form_token": "C" * 32, "card_key": CARD_KEY, "now": now}
    joined = act(mailing_app, db_session, join_series, activity, dates, None, wish, **token)
    subjects(mailing_app, db_session, mail_server)
    for _twice in range(2):
        act(mailing_app, db_session, leave_series, joined.series, now)
    subjects(mailing_app, db_session, mail_server)
    (letter,) = mail_server.inbox
    assert letter.message["Subject"].startswith("You have left the series")
    assert "2 dates are given back." in letter.text
    household = db_session.get_one(Household, joined.card.household_id)
    again = {**token, "form_token": "D" * 32, "now": now + timedelta(minutes=1)}
    rejoined = act(mailing_app, db_session, join_series, activity, dates, household, wish, **again)
    act(mailing_app, db_session, leave_series, rejoined.series, now + timedelta(minutes=2))
    act(mailing_app, db_session, join_series, activity, dates, household, wish, **{**again, "form_token": "E" * 32})
    (told,) = subjects(mailing_app, db_session, mail_server)
    assert told[1] == "You are signed up for the series", "what has been overtaken is not said"
