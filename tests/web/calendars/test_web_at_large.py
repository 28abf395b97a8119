"""What other programs than calendars are told of sessions: linked data, the site map, how a shared address looks."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.activities.models import SessionStatus, Visibility
from integration.kernel.database import DbSession
from integration.web.qr import qr_svg
from tests.calendars.acting import text_now
from tests.factories.activities import make_activity, make_session, make_venue

HTML = "{http://www.w3.org/1999/xhtml}"
SITE = "http://delaktig.test"


def linked_data(page: str) -> dict[str, Any]:
    """The data block of a session's page, as a browser finds it."""
    blocks = [each for each in html5lib.parse(page).iter(f"{HTML}script") if each.get("type") == "application/ld+json"]
    (block,) = blocks
    found: dict[str, Any] = json.loads(block.text or "")
    return found


def open_graph(page: str) -> dict[str, str]:
    """What the page says of itself to those who share its address."""
    metas = html5lib.parse(page).iter(f"{HTML}meta")
    return {each.get("property", ""): each.get("content", "") for each in metas if each.get("property")}


@pytest.mark.parametrize(
    ("status", "said"), [(SessionStatus.PLANNED, "EventScheduled"), (SessionStatus.CANCELLED, "EventCancelled")]
)
def test_a_sessions_page_says_what_it_is(
    client: FlaskClient, db_session: DbSession, status: SessionStatus, said: str
) -> None:
    session = make_session(db_session, status=status, venue=make_venue(db_session, latitude=63.1, longitude=21.6))
    page = client.get(f"/fi/sessions/{session.key}").text
    data = linked_data(page)
    assert data["@context"] == "https://schema.org"
    assert (data["@type"], data["eventStatus"]) == ("Event", f"https://schema.org/{said}")
    assert data["url"] == f"{SITE}/fi/sessions/{session.key}"
    assert data["name"] == session.activity.title["fi"]
    assert data["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 63.1, "longitude": 21.6}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[23]:00", data["startDate"])
    shared = open_graph(page)
    assert shared["og:title"] == session.activity.title["fi"]
    assert shared["og:url"] == data["url"]
    assert shared["og:locale"] == "fi_FI"


def test_a_text_stays_within_the_data_block(client: FlaskClient, db_session: DbSession) -> None:
    title = "</script><script>alert(1)</script><!-- \u2028 & ' \""
    activity = make_activity(db_session, title=dict.fromkeys(("sv", "fi", "en"), title))
    page = client.get(f"/sv/sessions/{make_session(db_session, activity=activity).key}").text
    assert "<script>alert" not in page
    assert linked_data(page)["name"] == title


def test_an_online_link_is_told_to_nobody(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, venue=None, online_url="https://meet.example/secret-room")
    data = linked_data(client.get(f"/sv/sessions/{session.key}").text)
    assert data["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert "secret-room" not in client.get("/api/v1/sessions.json").text


def test_public_sessions_as_open_data(client: FlaskClient, db_session: DbSession) -> None:
    shown, cancelled = make_session(db_session), make_session(db_session, status=SessionStatus.CANCELLED)
    make_session(db_session, visibility=Visibility.LINK)
    answer = client.get("/api/v1/sessions.json?lang=en")
    assert answer.content_type.startswith("application/ld+json")
    events = {each["identifier"]: each for each in json.loads(answer.data)["@graph"]}
    assert set(events) == {shown.key, cancelled.key}
    assert events[cancelled.key]["eventStatus"] == "https://schema.org/EventCancelled"
    assert events[shown.key]["url"] == f"{SITE}/en/sessions/{shown.key}"
    one = client.get(f"/api/v1/sessions.json?activity={shown.activity.slug}")
    assert [each["identifier"] for each in json.loads(one.data)["@graph"]] == [shown.key]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/v1/sessions.json?lang=en", headers=tag).status_code == 304


def test_the_site_map_knows_every_public_page_in_every_language(client: FlaskClient, db_session: DbSession) -> None:
    session, hidden = make_session(db_session), make_session(db_session, visibility=Visibility.LINK)
    answer = client.get("/sitemap.xml")
    urls = ET.fromstring(answer.data)
    places = [each.text for each in urls.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    for code in ("sv", "fi", "en"):
        assert f"{SITE}/{code}/sessions/{session.key}" in places
        assert f"{SITE}/{code}/activities/{session.activity.slug}" in places
        assert f"{SITE}/{code}/" in places
    assert hidden.key not in answer.text
    for url in urls:
        assert {each.get("hreflang") for each in url.iter(f"{HTML}link")} == {"sv", "fi", "en"}
    assert f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").text


def test_how_to_subscribe(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, languages=["so"])
    text_now(app, db_session, session)
    page = client.get("/sv/calendar").text
    for part in (f"activities/{session.activity.slug}", "languages/so", f"year/{session.local_on.year}"):
        assert f'href="/sv/calendar/{part}"' in page
    one = client.get(f"/sv/calendar/activities/{session.activity.slug}?alarm=60").text
    feed = f"delaktig.test/calendar/activities/{session.activity.slug}.ics?lang=sv&amp;alarm=60"
    assert f'href="webcal://{feed}"' in one
    assert f"http://{feed}" in one
    assert 'href="https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fdelaktig.test' in one
    assert str(qr_svg(f"{SITE}/sv/calendar/activities/{session.activity.slug}")) in one
    assert client.get("/sv/calendar/activities/unknown").status_code == 404
    for address in ("/sv/", f"/sv/activities/{session.activity.slug}"):
        assert 'href="/sv/calendar' in client.get(address).text
