"""Feeds: who is in them, what they never say, and how cheaply they are asked for again."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from integration.activities.models import Activity, SessionStatus, Visibility
from integration.activities.rules import details_of_session
from integration.activities.services import cancel_session, create_session, edit_session, move_session
from integration.calendars.models import CalendarText
from integration.calendars.services import rebuild
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.registration.cards import derived_codes, feed_token
from tests.calendars.acting import act, text_now
from tests.factories.activities import make_activity, make_session, make_venue
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import post

Statements = Callable[[], AbstractContextManager[list[str]]]


def uids(text: str) -> list[str]:
    """The keys of the sessions in a feed."""
    return [str(event["uid"]).split("@")[0] for event in Calendar.from_ical(text).walk("VEVENT")]


def test_a_session_has_one_uid_in_every_feed(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    card = make_card(db_session, make_registration(db_session, session).household, card_key=CARD_KEY)
    text_now(app, db_session, session)
    token = feed_token(CARD_KEY, card.id, card.issue)
    for address in (
        "/calendar/all.ics",
        f"/calendar/activities/{session.activity.slug}.ics",
        f"/calendar/sessions/{session.key}.ics",
        f"/calendar/cards/{token}.ics",
    ):
        answer = client.get(address)
        assert answer.content_type == "text/calendar; charset=utf-8"
        assert f"UID:{session.key}@session.delaktig\r\n" in answer.text
        assert answer.text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_a_shared_address_has_one_content(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    text_now(app, db_session, make_session(db_session))
    swedish = client.get("/calendar/all.ics?lang=sv").data
    assert client.get("/calendar/all.ics", headers={"Accept-Language": "fi"}).data == swedish
    assert client.get("/calendar/all.ics?lang=fi").data != swedish
    assert client.get("/calendar/all.ics?lang=xx").status_code == 404


@pytest.mark.parametrize(
    ("over", "in_all", "by_key"),
    [
        ({}, True, True),
        ({"status": SessionStatus.CANCELLED}, True, True),
        ({"visibility": Visibility.LINK}, False, True),
        ({"visibility": Visibility.CLOSED}, False, False),
        ({"title": {"sv": "Bara svenska"}}, False, False),
    ],
)
def test_who_is_in_the_feeds(
    app: Flask, client: FlaskClient, db_session: DbSession, over: dict[str, Any], in_all: bool, by_key: bool
) -> None:
    session = make_session(db_session, **over)
    text_now(app, db_session, session)
    assert (session.key in client.get("/calendar/all.ics").text) == in_all
    assert (session.key in client.get(f"/calendar/activities/{session.activity.slug}.ics").text) == in_all
    assert client.get(f"/calendar/sessions/{session.key}.ics").status_code == (200 if by_key else 404)


def test_what_is_closed_leaves_the_feeds_at_once(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    now = utc_now()
    session = act(app, db_session, create_session, make_activity(db_session), now + timedelta(days=3), now=now)
    first = client.get("/calendar/all.ics")
    assert uids(first.text) == [session.key]
    closed = replace(details_of_session(session), visibility=Visibility.CLOSED)
    act(app, db_session, edit_session, session, closed, now=now)
    second = client.get("/calendar/all.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert uids(second.text) == []


def test_a_cancelled_session_is_kept_ninety_days(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    activity = make_activity(db_session)
    old, older = (
        make_session(
            db_session,
            activity=activity,
            starts_at=utc_now() - timedelta(days=days),
            status=SessionStatus.CANCELLED,
        )
        for days in (89, 125)
    )
    text_now(app, db_session, old, older)
    assert uids(client.get("/calendar/all.ics").text) == [old.key]
    assert "STATUS:CANCELLED" in client.get("/calendar/all.ics").text


def test_a_change_raises_the_sequence_and_the_etag(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    now = utc_now()
    session = act(app, db_session, create_session, make_activity(db_session), now + timedelta(days=3), now=now)
    tags = [client.get("/calendar/all.ics").headers["ETag"]]
    start = session.starts_at + timedelta(hours=1)
    act(app, db_session, move_session, session, start, start + timedelta(hours=1), venue_id=session.venue_id, now=now)
    moved = client.get("/calendar/all.ics")
    assert "SEQUENCE:1\r\n" in moved.text
    tags.append(moved.headers["ETag"])
    act(app, db_session, cancel_session, session, now=now)
    cancelled = client.get("/calendar/all.ics")
    assert "SEQUENCE:2\r\n" in cancelled.text
    assert len({*tags, cancelled.headers["ETag"]}) == 3


def test_asking_again_costs_one_lookup(
    app: Flask, client: FlaskClient, db_session: DbSession, statements: Statements
) -> None:
    session = make_session(db_session)
    text_now(app, db_session, session)
    for address, most in (  # one of three says by what the copy is to be recognised
        ("/calendar/all.ics", 3),
        (f"/calendar/activities/{session.activity.slug}.ics", 3),
        (f"/calendar/venues/{session.venue.slug if session.venue else None}.ics", 3),
        ("/calendar/languages/fi.ics", 3),
        (f"/calendar/year/{session.local_on.year}.ics", 3),
        (f"/calendar/sessions/{session.key}.ics", 1),
    ):
        with statements() as said:
            first = client.get(address)
        assert len(said) <= most
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        with statements() as said:
            again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == "Accept-Encoding"
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, max-age=300"
        assert len(said) <= 1
        if "/sessions/" not in address:
            assert not [each for each in said if "FROM sessions" in each or "JOIN sessions" in each]
        since = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert since.status_code == 304
        earlier = datetime(2020, 1, 1).strftime("%a, %d %b %Y 00:00:00 GMT")  # noqa: DTZ001 (an HTTP date)
        assert client.get(address, headers={"If-Modified-Since": earlier}).status_code == 200


def test_a_compressed_feed_is_asked_for_again_as_cheaply(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    text_now(app, db_session, make_session(db_session))
    plain = client.get("/calendar/all.ics")
    zipped = client.get("/calendar/all.ics", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    again = client.get(
        "/calendar/all.ics", headers={"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.headers["ETag"] == zipped.headers["ETag"]


def test_no_feed_tells_the_online_link_or_sets_a_cookie(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, venue=None, online_url="https://meet.example/secret-room")
    text_now(app, db_session, session)
    answer = client.get("/calendar/all.ics")
    assert session.key in answer.text
    assert "secret-room" not in answer.text
    assert "LOCATION;LANGUAGE=sv:" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_households_feed_is_its_own(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    household = make_household(db_session, name="Zarghuna", phone="+358400000000")
    card = make_card(db_session, household, card_key=CARD_KEY)
    mine, other, linked = (make_session(db_session), make_session(db_session), make_session(db_session))
    linked.visibility = Visibility.LINK
    registration = make_registration(db_session, mine, household)
    make_registration(db_session, linked, household)
    text_now(app, db_session, mine, other, linked)
    address = f"/calendar/cards/{feed_token(CARD_KEY, card.id, card.issue)}.ics"
    answer = client.get(address)
    assert sorted(uids(answer.text)) == sorted([mine.key, linked.key])
    assert "Zarghuna" not in answer.text
    assert "358400" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    registration.cancelled_at = utc_now()
    assert uids(client.get(address).text) == [linked.key]
    card.revoked_at = utc_now()
    assert client.get(address).status_code == 404


def test_a_guessed_address_is_not_found(client: FlaskClient) -> None:
    for token in ("x", "1-AAAA", "zz-AAAA", "-", "ffffffffffffffffffffff-A", "1-%00", "%2e%2e"):
        for kind in ("cards", "sessions", "activities"):
            assert client.get(f"/calendar/{kind}/{token}.ics").status_code == 404, (kind, token)


def test_rebuilding_changes_nothing_where_nothing_changed(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    text_now(app, db_session, make_session(db_session), make_session(db_session))
    before = client.get("/calendar/all.ics")
    make_session(db_session)
    db_session.commit()
    with app.app_context():
        assert rebuild(db_session, utc_now()) == 1
        assert rebuild(db_session, utc_now()) == 0
    after = client.get("/calendar/all.ics")
    assert len(uids(after.text)) == 3
    assert before.headers["ETag"] != after.headers["ETag"]
    with app.app_context():
        assert rebuild(db_session, utc_now()) == 0
    assert client.get("/calendar/all.ics").headers["ETag"] == after.headers["ETag"]
    assert db_session.scalar(sa.select(sa.func.count()).select_from(CalendarText)) == 9


def test_the_command_rebuilds(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    db_session.commit()
    assert session.key not in client.get("/calendar/all.ics").text
    result = app.test_cli_runner().invoke(args=["calendars", "rebuild"])
    assert result.output == "Calendar texts written anew for 1 sessions.\n"
    assert session.key in client.get("/calendar/all.ics").text


def test_a_copy_is_confirmed_only_while_it_is_true(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    """Whatever decides on a feed: its sessions, its name, whether it may be seen at all."""
    session = make_session(db_session)
    text_now(app, db_session, session)
    address = f"/calendar/activities/{session.activity.slug}.ics?lang=fi"
    tag = client.get(address).headers["ETag"]
    for _time in range(2):
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    activity = db_session.get_one(Activity, session.activity_id)
    activity.title = {**activity.title, "fi": "Uusi nimi"}
    renamed = client.get(address, headers={"If-None-Match": tag})
    assert (renamed.status_code, "NAME:Uusi nimi" in renamed.text) == (200, True)
    tag = renamed.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    db_session.get_one(Activity, session.activity_id).visibility = Visibility.CLOSED
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_a_moved_session_leaves_one_venue_for_another(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    now, there = utc_now(), make_venue(db_session)
    here = make_venue(db_session)
    activity = make_activity(db_session, venue=here)
    session = act(app, db_session, create_session, activity, now + timedelta(days=3), now=now)
    first = client.get(f"/calendar/venues/{here.slug}.ics")
    assert uids(first.text) == [session.key]
    act(app, db_session, move_session, session, session.starts_at, session.ends_at, venue_id=there.id, now=now)
    again = client.get(f"/calendar/venues/{here.slug}.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, uids(again.text)) == (200, [])
    assert uids(client.get(f"/calendar/venues/{there.slug}.ics").text) == [session.key]


def test_each_kind_of_feed_has_its_own(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    somali = make_session(db_session, languages=["so"], starts_at=datetime(2027, 5, 1, 12, tzinfo=UTC))
    other = make_session(db_session, languages=["ar"], starts_at=datetime(2026, 12, 31, 21, tzinfo=UTC))
    text_now(app, db_session, somali, other)
    for address in (
        "/calendar/languages/so.ics",
        f"/calendar/organisations/{somali.activity.organisation.slug}.ics",
        f"/calendar/venues/{somali.venue.slug if somali.venue else None}.ics",
        "/calendar/year/2027.ics",
    ):
        assert uids(client.get(address).text) == [somali.key], address
    assert uids(client.get("/calendar/year/2026.ics").text) == [other.key]
    for unknown in ("languages/xx", "year/1999", "year/20267", "year/tv%C3%A5", "venues/nowhere", "organisations/no"):
        assert client.get(f"/calendar/{unknown}.ics").status_code == 404, unknown


def test_a_year_shows_what_has_been(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    past = make_session(db_session, starts_at=datetime(2026, 1, 15, 12, tzinfo=UTC))
    text_now(app, db_session, past)
    assert uids(client.get("/calendar/year/2026.ics").text) == [past.key]
    assert uids(client.get("/calendar/all.ics").text) == []


def test_a_reminder_is_a_choice(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    cancelled = make_session(db_session, status=SessionStatus.CANCELLED)
    text_now(app, db_session, session, cancelled)
    plain = client.get("/calendar/all.ics")
    reminding = client.get("/calendar/all.ics?alarm=60")
    assert "VALARM" not in plain.text
    assert reminding.text.count("BEGIN:VALARM") == 1
    (event,) = (each for each in Calendar.from_ical(reminding.text).walk("VEVENT") if each.subcomponents)
    assert event["uid"] == f"{session.key}@session.delaktig"
    assert event.subcomponents[0].decoded("trigger") == timedelta(minutes=-60)
    assert reminding.headers["ETag"] != plain.headers["ETag"]
    assert client.get("/calendar/all.ics?alarm=61").text == plain.text


def test_a_households_feed_tells_what_changed(
    app: Flask, client: FlaskClient, db_session: DbSession, statements: Statements
) -> None:
    now = utc_now()
    session = act(app, db_session, create_session, make_activity(db_session), now + timedelta(days=3), now=now)
    card = make_card(db_session, make_registration(db_session, session).household, card_key=CARD_KEY)
    address = f"/calendar/cards/{feed_token(CARD_KEY, card.id, card.issue)}.ics"
    first = client.get(address)
    assert first.headers["Last-Modified"]
    with statements() as said:
        same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert same.headers["Cache-Control"] == "private, no-cache"
    assert not [each for each in said if "FROM sessions" in each or "JOIN sessions" in each]
    act(app, db_session, cancel_session, session, now=now)
    second = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, "STATUS:CANCELLED" in second.text) == (200, True)
    make_registration(db_session, make_session(db_session), card.household)
    third = client.get(address, headers={"If-None-Match": second.headers["ETag"]})
    assert third.status_code == 200


def test_a_household_stops_its_address(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    card = make_card(db_session, make_registration(db_session, session).household, card_key=CARD_KEY)
    text_now(app, db_session, session)
    secret = derived_codes(CARD_KEY, card.id, card.issue).link_secret
    page = client.get(f"/sv/cards/{secret}/calendar")
    assert page.headers["Cache-Control"] == "no-store"
    old = re.findall(r"webcal://delaktig.test(/calendar/cards/[^?]+)", page.text)[0]
    assert uids(client.get(old).text) == [session.key]
    answer = post(client, f"/sv/cards/{secret}/calendar", f"/sv/cards/{secret}/calendar")
    assert answer.status_code == 303
    assert client.get(old).status_code == 404
    new = re.findall(r"webcal://delaktig.test(/calendar/cards/[^?]+)", client.get(answer.location).text)[0]
    assert uids(client.get(new).text) == [session.key]
    assert client.get(f"/sv/cards/{secret}").status_code == 200
