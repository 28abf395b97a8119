"""Every feed keeps the form of RFC 5545, whatever people write, and strict readers have nothing to say about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from integration import create_app
from integration.activities.models import Session
from integration.kernel.database import DbSession, db
from integration.registration.cards import feed_token
from integration.registration.models import Card
from tests.calendars.acting import text_now
from tests.calendars.readers import by_ical_js, by_icalendar, by_libical, by_vobject
from tests.factories.activities import make_activity, make_session, make_venue
from tests.factories.registration import make_card, make_registration
from tests.fixtures.databases import Databases
from tests.fixtures.settings import CARD_KEY, settings_for
from tests.sampling import sample
from tools.setup.system import ROOT

HOSTILE = (
    "Kafé\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
    "END:VEVENT",
    "STATUS:CANCELLED",
    "\rSUMMARY:another\r",
    "\nATTACH:http://elsewhere.example/\n",
    'semi;colon, comma\\ back\\nslash \\, \\; :"quoted" ^n ^\' ^^',
    "å" * 200,
    "🦊👩‍👩‍👧‍👦" * 40,
    "x" * 74 + "é" + "y" * 74 + "🦊",
    "\u2028line\u2029paragraph\x85next\x0bvertical\x0cform",
    "nul\x01bell\x07escape\x1bdelete\x7f",
    "‮right to left override‬ عربى",
    "  only spaces around  ",
    "BEGIN:VALARM\r\nTRIGGER:-PT0M",
    "<script>alert(1)</script> & =cmd|' /C calc'!A0",
    "A" * 3000,
)


@pytest.mark.parametrize("alarm", ["", "&alarm=60"])
def test_hostile_texts_stay_within_their_property(
    app: Flask, client: FlaskClient, db_session: DbSession, alarm: str
) -> None:
    addresses = []
    for text in HOSTILE:
        texts = {"sv": text, "fi": text, "en": text}
        venue = make_venue(db_session, name=texts, address=texts)
        activity = make_activity(db_session, title=texts, description=texts, contact_role=texts, venue=venue)
        session = make_session(db_session, activity=activity)
        card = make_card(db_session, make_registration(db_session, session).household, card_key=CARD_KEY)
        text_now(app, db_session, session)
        addresses += addresses_of(session, card)
    for address in addresses:
        answer = client.get(f"{address}?lang=fi{alarm}")
        assert answer.status_code == 200, address
        check_form(answer.data)
    everything = client.get(f"/calendar/all.ics?lang=sv{alarm}").text
    for read in (by_icalendar, by_ical_js, by_libical, by_vobject):
        assert len(read(everything)) == len(HOSTILE), read.__name__
    assert [each.summary for each in by_libical(everything)] == [each.summary for each in by_ical_js(everything)]
    assert {each.status for each in by_libical(everything)} == {"CONFIRMED"}


def test_every_feed_of_the_demo_data_keeps_the_form(sqlite_databases: Databases) -> None:
    """On one engine only: the texts are the same on both."""
    app = create_app(settings_for(sqlite_databases.create("demo", False), demo=True))
    with app.app_context():
        upgrade()
        for command in (["programme", "load", str(programme())], ["demo"]):
            result = app.test_cli_runner().invoke(args=command)
            assert result.exit_code == 0, result.output
    client = app.test_client()
    page = client.get("/sv/calendar").text
    parts = [f"/calendar{part}.ics" for part in re.findall('href="/sv/calendar(/[^"?]+)"', page)]
    assert len(parts) > 20
    for address in ["/calendar/all.ics", *parts]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        check_form(answer.data)
    for address in ["/calendar/all.ics", *sample(parts, 11)]:
        text = client.get(address).text
        assert by_ical_js(text) == by_libical(text), address
    with app.app_context():
        db.engine.dispose()
    sqlite_databases.drop("demo")


def addresses_of(session: Session, card: Card) -> list[str]:
    """Each kind of feed that this session is in."""
    activity = session.activity
    names_by_kind = {
        "activities": activity.slug,
        "organisations": activity.organisation.slug,
        "venues": session.venue.slug if session.venue else "",
        "languages": session.languages[0],
        "year": session.local_on.year,
        "sessions": session.key,
        "cards": feed_token(CARD_KEY, card.id, card.issue),
    }
    return ["/calendar/all.ics", *(f"/calendar/{kind}/{name}.ics" for kind, name in names_by_kind.items())]


def check_form(data: bytes) -> None:
    """Lines of at most 75 octets that end with CRLF, the properties that must be there, no UID twice."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")[:-1]
    assert not [line for line in lines if len(line) > 75 or b"\r" in line or b"\n" in line]
    text = data.decode()
    unfolded = text.replace("\r\n ", "")
    head, *events = unfolded.split("\r\nBEGIN:VEVENT\r\n")
    assert {"VERSION", "PRODID", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "COLOR"} <= names(head)
    needed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LAST-MODIFIED", "URL"}
    for event in events:
        assert needed <= names(event)
        assert event.count("\r\nEND:VEVENT") == 1
    uids = re.findall("^UID:(.*)\r$", unfolded, re.MULTILINE)
    assert len(uids) == len(set(uids)) == len(events)


def names(lines: str) -> set[str]:
    """The names of the properties."""
    return {re.split("[:;]", line, maxsplit=1)[0] for line in lines.split("\r\n")}


def programme() -> Path:
    """The programme that ships with the product."""
    return next((ROOT / "programmes").glob("*.yaml"))
