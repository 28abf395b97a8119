"""What a session's page says, and to whom."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import SessionKind, SessionStatus, SignUpMode, Visibility
from integration.activities.services import take_places
from integration.kernel.clock import utc_now
from tests.factories.activities import make_activity, make_session
from tests.web.registration.signing_up import hidden_fields, open_form, sign_up, statements


def test_the_page_says_what_when_where_and_whom_to_ask(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, languages=["sv", "ar"], language_support=["interpreter"], capacity=12)
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    for fact in (
        "Café",
        "House",
        "svenska",
        'lang="ar"',
        "The host",
        "06 000 0000",
        "12 places left",
        "Come and talk.",
    ):
        assert fact in page
    assert f"/calendar/sessions/{session.key}.ics" in page
    assert "120 days" in page


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_the_page_speaks_every_language(client: FlaskClient, db_session: DbSession, language: str) -> None:
    session = make_session(db_session)
    response = client.get(f"/{language}/sessions/{session.key}")
    assert response.status_code == 200
    assert f'<html lang="{language}" dir="ltr"' in response.get_data(as_text=True)


def test_it_takes_at_most_four_statements(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    full = make_session(db_session, activity=session.activity, capacity=1, taken=1)
    for address in (f"/sv/sessions/{session.key}", f"/sv/sessions/{full.key}"):
        with statements(app) as sent:
            client.get(address)
        assert 1 <= len(sent) <= 4, sent


def test_a_stranger_costs_one_statement_once_the_page_is_known(
    app: Flask, client: FlaskClient, db_session: DbSession
) -> None:
    session = make_session(db_session)
    client.get(f"/sv/sessions/{session.key}")
    with statements(app) as sent:
        assert client.get(f"/sv/sessions/{session.key}").status_code == 200
    assert len(sent) == 1, sent


def test_a_phone_that_signed_up_costs_at_most_four(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    sign_up(client, session)
    with statements(app) as sent:
        client.get(f"/sv/sessions/{session.key}")
    assert len(sent) <= 4, sent


def test_every_visitor_gets_a_form_of_their_own(new_client: Callable[[], FlaskClient], db_session: DbSession) -> None:
    session = make_session(db_session)
    forms = [open_form(new_client(), session) for _visitor in range(3)]
    assert len({form["form_token"] for form in forms}) == 3
    assert len({form["csrf_token"] for form in forms}) == 3


def test_a_kept_page_is_the_same_page_zipped_or_not(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    address = f"/sv/sessions/{session.key}"
    drawn = client.get(address).get_data(as_text=True)
    kept = client.get(address).get_data(as_text=True)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    zipped = gzip.decompress(answer.data).decode()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(answer.data) < len(drawn) / 3
    tokens = [hidden_fields(page) for page in (drawn, kept, zipped)]
    pages = [_without(page, each.values()) for page, each in zip((drawn, kept, zipped), tokens, strict=True)]
    assert pages[0] == pages[1] == pages[2]
    assert len({each["form_token"] for each in tokens}) == 3


def _without(page: str, values: Iterable[str]) -> str:
    for value in values:
        page = page.replace(value, "")
    return page


def test_a_page_that_is_kept_never_says_what_was(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=9)
    address = f"/en/sessions/{session.key}"
    assert "9 places left" in client.get(address).get_data(as_text=True)
    take_places(db_session, session.id, 4)
    assert "5 places left" in client.get(address).get_data(as_text=True)
    assert session.venue
    session.venue.name = {"sv": "Ett annat hus", "fi": "Toinen talo", "en": "Another house"}
    assert "Another house" in client.get(address).get_data(as_text=True)
    session.activity.title = {"sv": "Ny", "fi": "Uusi", "en": "A new name"}
    assert "A new name" in client.get(address).get_data(as_text=True)
    session.status = SessionStatus.CANCELLED
    assert "will not be held" in client.get(address).get_data(as_text=True)


def test_a_kept_page_ends_with_its_session(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    address = f"/en/sessions/{session.key}"
    assert "form_token" in hidden_fields(client.get(address).get_data(as_text=True))
    session.starts_at, session.ends_at = utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1)
    page = client.get(address).get_data(as_text=True)
    assert "This session is over." in page
    assert "form_token" not in page


def test_a_kept_page_offers_no_stand_once_the_fair_has_begun(client: FlaskClient, db_session: DbSession) -> None:
    begins = utc_now() + timedelta(hours=1)
    fair = make_session(db_session, kind=SessionKind.FAIR, starts_at=begins, ends_at=begins + timedelta(hours=3))
    address = f"/en/sessions/{fair.key}"
    with time_machine.travel(begins - timedelta(minutes=1), tick=False):
        assert "Ask for a stand" in client.get(address).get_data(as_text=True)
    with time_machine.travel(begins + timedelta(minutes=1), tick=False):
        page = client.get(address).get_data(as_text=True)
        assert "Ask for a stand" not in page
        assert "form_token" in hidden_fields(page)


def test_a_closed_session_is_nowhere(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, visibility=Visibility.CLOSED)
    assert client.get(f"/sv/sessions/{session.key}").status_code == 404
    assert client.post(f"/sv/sessions/{session.key}").status_code in (400, 404)


def test_a_session_by_link_is_found_by_its_address(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, visibility=Visibility.LINK)
    assert client.get(f"/sv/sessions/{session.key}").status_code == 200


def test_nothing_is_public_before_both_equal_languages_exist(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, activity=make_activity(db_session, title={"sv": "Bara svenska"}))
    assert client.get(f"/sv/sessions/{session.key}").status_code == 404


def test_an_unknown_key_is_not_found(client: FlaskClient) -> None:
    for key in ("nothing", "%00", "x" * 500, "%F0%9F%8C%9E"):
        assert client.get(f"/sv/sessions/{key}").status_code == 404


def test_a_cancelled_session_says_so_and_when_the_next_is(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, status=SessionStatus.CANCELLED)
    following = make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=14))
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "This session will not be held. Next time:" in page
    assert f"/en/sessions/{following.key}" in page
    assert "form_token" not in page


def test_a_full_session_is_honest_and_points_onward(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=5, taken=5)
    following = make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=7))
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "Full right now." in page
    assert f"/en/sessions/{following.key}" in page
    assert "Join the waiting list" in page


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"sign_up": SignUpMode.NONE}, "Open – just come."),
        ({"sign_up_closed": True}, "Sign-up is closed."),
        ({"sensitive": True}, "No name is asked for"),
    ],
)
def test_where_nobody_signs_up_there_is_no_form(
    client: FlaskClient, db_session: DbSession, over: dict[str, Any], words: str
) -> None:
    session = make_session(db_session, **over)
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert words in page
    assert "form_token" not in page


def test_an_online_link_is_not_for_strangers(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, venue=None, online_url="https://meet.example/room")
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "meet.example" not in page
    assert "meet.example" in client.get(sign_up(client, session).location or "").get_data(as_text=True)


def test_going_back_never_shows_what_the_last_person_typed(client: FlaskClient, db_session: DbSession) -> None:
    assert client.get(f"/sv/sessions/{make_session(db_session).key}").headers["Cache-Control"] == "no-store"


def test_head_is_answered_like_get(client: FlaskClient, db_session: DbSession) -> None:
    assert client.head(f"/sv/sessions/{make_session(db_session).key}").status_code == 200
