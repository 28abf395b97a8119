"""What the QR's address shows, and to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.kernel.clock import local_date, utc_now
from integration.registration.cards import Codes, derived_codes
from integration.registration.models import Card
from tests.factories.activities import make_session
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import sign_in_staff, sign_up


def codes(db_session: DbSession) -> Codes:
    card = db_session.scalars(sa.select(Card)).one()
    return derived_codes(CARD_KEY, card.id, card.issue)


@pytest.mark.parametrize("address", ["/C/{}", "/c/{}"])
def test_anybody_sees_the_visits_and_not_whose(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession, address: str
) -> None:
    session = make_session(db_session, online_url="https://meet.example/room")
    sign_up(client, session, phone="040 123 4567", email="amina@example.com", help="Arabic, please.")
    made = codes(db_session)
    for code in (made.pass_code, made.pass_code.lower()):
        response = new_client().get(address.format(code), headers={"Accept-Language": "en"})
        page = response.get_data(as_text=True)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert session.key in page
        for secret in ("Amina", "358401234567", "amina@", "Arabic", "meet.example", made.link_secret, made.short_code):
            assert secret not in page


def test_it_speaks_the_readers_language(client: FlaskClient, db_session: DbSession) -> None:
    sign_up(client, make_session(db_session))
    page = client.get(f"/C/{codes(db_session).pass_code}", headers={"Accept-Language": "fi"}).get_data(as_text=True)
    assert '<html lang="fi"' in page


@pytest.mark.parametrize("which", ["short_code", "link_secret"])
def test_only_the_pass_code_opens_it(client: FlaskClient, db_session: DbSession, which: str) -> None:
    sign_up(client, make_session(db_session))
    response = client.get(f"/C/{getattr(codes(db_session), which)}", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "We do not know this code" in response.get_data(as_text=True)


def test_an_unknown_code_is_told_kindly(client: FlaskClient) -> None:
    for code in ("A" * 26, "x", "A" * 5000, "%F0%9F%8C%9E", "ﬀ"):
        response = client.get(f"/C/{code}", headers={"Accept-Language": "en"})
        assert response.status_code == 404
        assert "You can come anyway" in response.get_data(as_text=True)
    assert client.get("/C/%00").status_code == 404


def test_door_staff_find_todays_doors(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    session = make_session(db_session, starts_at=utc_now(), local_on=local_date(utc_now()))
    elsewhere = make_session(db_session, starts_at=utc_now(), local_on=local_date(utc_now()))
    sign_up(client, session)
    desk = new_client()
    sign_in_staff(desk, db_session, Role.ORGANISER, session.activity.organisation_id)
    response = desk.get(f"/C/{codes(db_session).pass_code}", headers={"Accept-Language": "en"})
    page = response.get_data(as_text=True)
    assert f"/staff/sessions/{session.key}/door" in page
    assert f"/staff/sessions/{elsewhere.key}/door" not in page
    assert "signed up: 2 adults, 1 child" in page
    assert "Amina" not in page


def test_staff_without_a_door_see_what_anybody_sees(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    session = make_session(db_session, starts_at=utc_now(), local_on=local_date(utc_now()))
    sign_up(client, session)
    council = new_client()
    sign_in_staff(council, db_session, Role.COUNCIL)
    page = council.get(f"/C/{codes(db_session).pass_code}").get_data(as_text=True)
    assert "/door" not in page
