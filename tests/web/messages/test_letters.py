"""What households are told: the right thing, in their language, in two forms, with the session for their calendar."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image
from sqlalchemy.orm import Session as DbSession

from integration import create_app
from integration.activities.models import Session
from integration.activities.rules import details_of_session
from integration.activities.services import cancel_session, edit_session, move_session, restore_session
from integration.calendars.rules import uid_of
from integration.checkin.models import Attendance, Closing, Source
from integration.checkin.services import tell_who_came
from integration.kernel.clock import local, utc_now
from integration.mail.letters import Letter, Order, Visit, as_email
from integration.mail.models import DropReason, MessageState, OutboxMessage
from integration.registration.cards import derived_codes, shown
from integration.registration.models import Household
from integration.registration.rules import People
from integration.registration.services import SignedUp, cancel_registration, change_places, expire_offers
from tests.factories.activities import make_activity, make_session, make_venue
from tests.factories.registration import make_card, make_household
from tests.fixtures.mail import MailServer, Received
from tests.fixtures.settings import BASE_URL, CARD_KEY, settings_for
from tests.web.messages.signing import COORDINATOR, EMAIL, act, by_day, places_of, send, sign_up


def only_letter(app: Flask, db_session: DbSession, mail_server: MailServer) -> Received:
    """Let what is due leave, and take the one letter that came."""
    mail_server.inbox.clear()
    send(app, db_session)
    (letter,) = mail_server.inbox
    return letter


def entry_of(letter: Received) -> tuple[str, Any]:
    """The method and the entry of the calendar part, as a calendar reads them."""
    part = letter.part("text/calendar")
    calendar = Calendar.from_ical(str(part.get_content()))
    (entry,) = calendar.walk("VEVENT")
    assert part.get_param("method") == str(calendar["method"])
    return str(calendar["method"]), entry


def codes_of(made: SignedUp) -> Any:
    """The codes of their card."""
    return derived_codes(CARD_KEY, made.card.id, made.card.issue)


def test_a_confirmation_says_what_when_where_and_whom_to_ask(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, starts_at=utc_now().replace(hour=16, minute=0) + timedelta(days=5))
    made = sign_up(mailing_app, db_session, session)
    letter = only_letter(mailing_app, db_session, mail_server)
    codes = codes_of(made)
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["Subject"].startswith("Ni är anmälda: Kafé")
    assert letter.message["To"] == EMAIL
    for form in (letter.text, letter.html):
        assert session.activity.title["sv"] in form
        assert f"kl. {local(session.starts_at):%H.%M}" in form
        assert session.venue is not None
        assert session.venue.name["sv"] in form and session.venue.address["sv"] in form
        assert "Amina, 2 vuxna, 1 barn" in form
        assert "Fråga: Värden, 06 000 0000" in form
        assert shown(codes.short_code) in form
        assert f"{BASE_URL}/sv/cards/{codes.link_secret}" in form
        assert f"registration={places_of(made).id}" in form
        assert "avbokar inte era platser" in form


def test_the_picture_is_the_cards_code(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    made = sign_up(mailing_app, db_session, make_session(db_session))
    letter = only_letter(mailing_app, db_session, mail_server)
    picture = letter.part("image/png")
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.get_content())))
    assert read.text == f"{BASE_URL}/C/{codes_of(made).pass_code}".upper()
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in letter.html
    assert codes_of(made).link_secret not in read.text


def test_the_drawn_form_is_sound_and_asks_nobody_for_anything(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    sign_up(mailing_app, db_session, make_session(db_session), name="<img src=//evil.example>")
    letter = only_letter(mailing_app, db_session, mail_server)
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert "<img src=//evil" not in letter.html
    assert letter.html.count("<img") == 1
    assert "url(" not in letter.html and "<link" not in letter.html and "<script" not in letter.html


@pytest.mark.parametrize(
    ("language", "heading", "at"),
    [("sv", "Ni är anmälda!", "kl. "), ("fi", "Olette ilmoittautuneet!", "klo "), ("en", "You are signed up!", "at ")],
)
def test_every_household_reads_its_own_language(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer, language: str, heading: str, at: str
) -> None:
    session = make_session(db_session)
    sign_up(mailing_app, db_session, session, language=language)
    letter = only_letter(mailing_app, db_session, mail_server)
    assert letter.message["Content-Language"] == language
    assert f'<html lang="{language}"' in letter.html
    assert session.activity.title[language] in letter.text
    assert at in letter.text
    assert f"/{language}/cards/" in letter.text
    assert heading in letter.text
    assert entry_of(letter)[1]["summary"].params["LANGUAGE"] == language


def test_the_invitation_is_the_feeds_own_entry(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, sequence=4)
    sign_up(mailing_app, db_session, session)
    method, entry = entry_of(only_letter(mailing_app, db_session, mail_server))
    assert (method, entry["uid"], entry["sequence"]) == ("REQUEST", uid_of(session.key), 4)
    assert entry["status"] == "CONFIRMED"
    assert entry.decoded("dtstart") == session.starts_at
    assert entry["attendee"] == f"mailto:{EMAIL}"
    assert entry["attendee"].params["RSVP"] == "FALSE"
    assert entry["organizer"].startswith("mailto:")
    assert "avbokar inte era platser" in entry["description"]


def test_no_secret_is_in_the_invitation(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    """Calendars are shared; the link that manages the household is not."""
    made = sign_up(mailing_app, db_session, make_session(db_session))
    calendar = only_letter(mailing_app, db_session, mail_server).part("text/calendar").get_content()
    assert codes_of(made).link_secret not in calendar
    assert codes_of(made).pass_code not in calendar


def test_who_is_signed_up_hears_of_a_new_time(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session)
    sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    later = session.starts_at + timedelta(days=1)
    act(
        mailing_app,
        db_session,
        move_session,
        COORDINATOR,
        session,
        later,
        later + timedelta(hours=2),
        venue_id=session.venue_id,
        now=utc_now(),
    )
    letter = only_letter(mailing_app, db_session, mail_server)
    method, entry = entry_of(letter)
    assert letter.message["Subject"].startswith("Ny tid eller plats")
    assert (method, entry["sequence"], entry.decoded("dtstart")) == ("REQUEST", 1, later)


def test_who_is_signed_up_hears_of_a_new_place_and_of_nothing_smaller(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session)
    sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    details = details_of_session(session)
    smaller = {**vars(details), "contact_phone": "06 111 1111"}
    act(mailing_app, db_session, edit_session, COORDINATOR, session, type(details)(**smaller), now=utc_now())
    elsewhere = {**smaller, "venue_id": make_venue(db_session, name={"sv": "Biblioteket", "fi": "Kirjasto"}).id}
    act(mailing_app, db_session, edit_session, COORDINATOR, session, type(details)(**elsewhere), now=utc_now())
    assert "Biblioteket" in only_letter(mailing_app, db_session, mail_server).text


def test_a_cancelled_session_is_told_with_the_next_one(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    activity = make_activity(db_session)
    session = make_session(db_session, activity=activity)
    following = make_session(db_session, activity=activity, starts_at=session.starts_at + timedelta(days=14))
    sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    act(mailing_app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    letter = only_letter(mailing_app, db_session, mail_server)
    method, entry = entry_of(letter)
    assert letter.message["Subject"].startswith("Inställt: Kafé")
    assert f"Nästa gång: {_weekday(following)}" in letter.text
    assert "<s>" in letter.html and "cid:" not in letter.html
    assert (method, entry["status"], entry["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert entry["uid"] == uid_of(session.key)
    assert entry["summary"].startswith("INSTÄLLT")


def test_a_session_that_is_held_after_all_is_told(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session)
    sign_up(mailing_app, db_session, session)
    act(mailing_app, db_session, cancel_session, COORDINATOR, session, now=utc_now())
    send(mailing_app, db_session)
    act(mailing_app, db_session, restore_session, COORDINATOR, session, now=utc_now())
    letter = only_letter(mailing_app, db_session, mail_server)
    method, entry = entry_of(letter)
    assert letter.message["Subject"].startswith("Hålls ändå")
    assert (method, entry["status"], entry["sequence"]) == ("REQUEST", "CONFIRMED", 2)


def test_places_given_back_leave_the_calendar_though_the_session_is_held(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session)
    made = sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    act(mailing_app, db_session, cancel_registration, made.registration, session, utc_now())
    letter = only_letter(mailing_app, db_session, mail_server)
    method, entry = entry_of(letter)
    assert "Tack för att ni sade till" in letter.text
    assert (method, entry["status"]) == ("CANCEL", "CANCELLED")
    assert "INSTÄLLT" not in entry["summary"]


def test_changed_places_come_into_the_calendar_again(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, capacity=7)
    made = sign_up(mailing_app, db_session, session)
    send(mailing_app, db_session)
    act(mailing_app, db_session, change_places, made.registration, session, People(2, 0), utc_now())
    letter = only_letter(mailing_app, db_session, mail_server)
    assert letter.message["Subject"].startswith("Era platser har ändrats")
    method, entry = entry_of(letter)
    assert (method, entry["uid"], entry["status"]) == ("REQUEST", uid_of(session.key), "CONFIRMED")
    assert "Amina, 2 vuxna" in letter.text


def test_what_the_queue_hears(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    """An offer asks for an answer and is no invitation; taken in is one; an offer that ran out is neither."""
    session = make_session(db_session, capacity=3, starts_at=utc_now() + timedelta(days=9))
    made = sign_up(mailing_app, db_session, session)
    waits = sign_up(mailing_app, db_session, session, email="bao@example.com", may_wait=True)
    send(mailing_app, db_session)
    act(mailing_app, db_session, cancel_registration, made.registration, session, utc_now())
    mail_server.inbox.clear()
    send(mailing_app, db_session, timedelta(minutes=1))
    (letter,) = [each for each in mail_server.inbox if each.message["To"] == "bao@example.com"]
    assert letter.message["Subject"].startswith("Det finns plats för er")
    assert f"/cards/{codes_of(waits).link_secret}" in letter.text
    assert "text/calendar" not in [each.get_content_type() for each in letter.message.walk()]

    act(mailing_app, db_session, expire_offers, utc_now() + timedelta(days=3))
    mail_server.inbox.clear()
    send(mailing_app, db_session, timedelta(days=4))
    (letter,) = mail_server.inbox
    assert letter.message["Subject"].startswith("För sent att svara")
    assert "text/calendar" not in [each.get_content_type() for each in letter.message.walk()]
    assert letter.message["To"] == "bao@example.com"


def test_who_is_taken_in_without_being_asked_has_it_in_the_calendar(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    """Too near the start to wait for an answer."""
    now = by_day(utc_now())
    session = make_session(db_session, capacity=3, starts_at=now + timedelta(hours=2))
    made = sign_up(mailing_app, db_session, session)
    waits = sign_up(mailing_app, db_session, session, email="bao@example.com", may_wait=True)
    send(mailing_app, db_session)
    act(mailing_app, db_session, cancel_registration, made.registration, session, now)
    assert waits.entry is not None and waits.entry.state == "taken"
    mail_server.inbox.clear()
    send(mailing_app, db_session)
    (letter,) = [each for each in mail_server.inbox if each.message["To"] == "bao@example.com"]
    method, entry = entry_of(letter)
    assert (method, entry["uid"], entry["status"]) == ("REQUEST", uid_of(session.key), "CONFIRMED")


def test_those_who_came_are_thanked_once(mailing_app: Flask, db_session: DbSession, mail_server: MailServer) -> None:
    session = make_session(db_session, starts_at=utc_now() - timedelta(hours=9))
    db_session.add(Closing(session_id=session.id, held=True, closed_at=utc_now()))
    cards = [
        make_card(db_session, make_household(db_session, email=f"{name}@example.com", reminders=name != "none"))
        for name in ("came", "none", "absent")
    ]
    for card in cards[:2]:
        arrived = {"arrived_adults": 1, "arrived_children": 0, "beyond_adults": 0, "beyond_children": 0}
        row = Attendance(session_id=session.id, visitor_key=card.visitor_key, source=Source.SCANNED, **arrived)
        row.first_at = session.starts_at
        db_session.add(row)
    db_session.commit()
    for _again in range(2):
        act(mailing_app, db_session, tell_who_came, utc_now())
    letter = only_letter(mailing_app, db_session, mail_server)
    assert letter.message["To"] == "came@example.com"
    assert letter.message["Subject"].startswith("Tack för att ni kom")


def test_what_has_been_overtaken_is_not_said(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    """Signed up, given back and signed up again before anything left: only the last is true."""
    session = make_session(db_session)
    made = sign_up(mailing_app, db_session, session)
    act(mailing_app, db_session, cancel_registration, made.registration, session, utc_now())
    sign_up(mailing_app, db_session, session, made.card.household)
    letter = only_letter(mailing_app, db_session, mail_server)
    assert entry_of(letter)[0] == "REQUEST"
    dropped = db_session.scalars(
        sa.select(OutboxMessage.drop_reason).where(OutboxMessage.state == MessageState.DROPPED)
    ).all()
    assert dropped == [DropReason.OUTDATED, DropReason.OUTDATED]


def test_a_session_that_nobody_can_join_yet_over_the_net_has_its_link_in_the_letter_only(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    session = make_session(db_session, venue=None, online_url="https://meet.example.invalid/cafe")
    sign_up(mailing_app, db_session, session)
    letter = only_letter(mailing_app, db_session, mail_server)
    assert "https://meet.example.invalid/cafe" in letter.text
    assert "meet.example" not in letter.part("text/calendar").get_content()


@given(st.text(), st.text())
def test_no_words_make_a_header(app_for_words: Flask, title: str, name: str) -> None:
    now = utc_now()
    order = Order(1, "confirmation", "household", 1, "sv", {}, "<a@b.example>", 1, now, now)
    letter = Letter(subject=f"{title}\r\nBcc: all@example.com", heading=title, visit=Visit(title, "", (name,)))
    with app_for_words.app_context():
        email = as_email(letter, order, sender="city@example.com", address=EMAIL, invitation=None)
    head = email.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert b"bcc" not in names and len(names) == len(set(names))


@pytest.fixture(scope="module")
def app_for_words() -> Flask:
    """An application whose database is not looked at."""
    return create_app(settings_for("sqlite://"))


def test_an_address_that_holds_a_line_break_sends_nothing_else(
    mailing_app: Flask, db_session: DbSession, mail_server: MailServer
) -> None:
    made = sign_up(mailing_app, db_session, make_session(db_session))
    hostile = "a@example.com\r\nBcc: all@example.com"
    db_session.execute(sa.update(Household).where(Household.id == made.card.household_id).values(email=hostile))
    db_session.commit()
    send(mailing_app, db_session)
    assert mail_server.inbox == []


def _weekday(session: Session) -> str:
    days = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
    return days[local(session.starts_at).weekday()]
