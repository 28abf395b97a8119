"""The household's own pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session, SessionPlaces, SessionStatus
from integration.kernel.clock import utc_now
from integration.registration.cards import derived_codes, shown
from integration.registration.models import Card, Household, Registration
from tests.factories.activities import make_session
from tests.fixtures.settings import BASE_URL, CARD_KEY
from tests.unit.registration.test_cards import rasterised
from tests.web.registration.signing_up import post, secret_of, sign_up, statements

PAGES = ("", "/print", "/data", "/card.svg")


def taken(db_session: DbSession, session: Session) -> int:
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one()


def only_card(db_session: DbSession) -> Card:
    return db_session.scalars(sa.select(Card)).one()


def test_the_card_shows_its_code_and_a_qr_that_scans(client: FlaskClient, db_session: DbSession) -> None:
    response = sign_up(client, make_session(db_session))
    page = client.get(response.location or "").get_data(as_text=True)
    card = only_card(db_session)
    codes = derived_codes(CARD_KEY, card.id, card.issue)
    assert "You are signed up!" in page
    assert shown(codes.short_code) in page
    drawing = re.search(r"<svg xmlns.*?</svg>", page, re.S)
    assert drawing
    (found,) = zxingcpp.read_barcodes(rasterised(drawing[0]))
    assert found.text == f"{BASE_URL}/C/{codes.pass_code}".upper()
    assert codes.link_secret not in found.text


def test_opened_again_it_greets_and_lists_what_is_coming(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    page = client.get(f"/en/cards/{secret}").get_data(as_text=True)
    assert "Hello Amina!" in page
    assert "2 adults, 1 child" in page
    assert f"/calendar/sessions/{session.key}.ics" in page
    assert "The host" in page


def test_a_cancelled_session_stays_visible_as_cancelled(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=7))
    secret = secret_of(sign_up(client, session))
    session.status = SessionStatus.CANCELLED
    page = client.get(f"/en/cards/{secret}").get_data(as_text=True)
    assert "Cancelled" in page
    assert "Next time:" in page


def test_its_pages_are_kept_private(client: FlaskClient, db_session: DbSession) -> None:
    secret = secret_of(sign_up(client, make_session(db_session)))
    for part in PAGES:
        response = client.get(f"/sv/cards/{secret}{part}")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_an_unknown_link_opens_nothing(client: FlaskClient) -> None:
    for secret in ("A" * 26, "x", "%00", "A" * 5000):
        for part in (*PAGES, "/cancel"):
            assert client.get(f"/sv/cards/{secret}{part}").status_code == 404


@pytest.mark.parametrize("code", ["pass_code", "short_code"])
def test_the_other_codes_do_not_manage(client: FlaskClient, db_session: DbSession, code: str) -> None:
    sign_up(client, make_session(db_session))
    card = only_card(db_session)
    other = getattr(derived_codes(CARD_KEY, card.id, card.issue), code)
    assert client.get(f"/sv/cards/{other}").status_code == 404


def test_the_old_link_of_a_reissued_card_is_dead(client: FlaskClient, db_session: DbSession) -> None:
    secret = secret_of(sign_up(client, make_session(db_session)))
    db_session.execute(sa.update(Card).values(revoked_at=utc_now()))
    assert client.get(f"/sv/cards/{secret}").status_code == 404


def test_looking_changes_nothing(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    number = db_session.scalars(sa.select(Registration.id)).one()
    with statements(app) as sent:
        for part in (*PAGES, f"/cancel?registration={number}"):
            assert client.get(f"/sv/cards/{secret}{part}").status_code == 200
    assert all(statement.lstrip().startswith("SELECT") for statement in sent), sent
    for verb in ("delete", "forget"):
        assert client.get(f"/sv/cards/{secret}/{verb}").status_code == 405


def test_cancelling_is_asked_first_and_gives_the_places_back(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    number = db_session.scalars(sa.select(Registration.id)).one()
    address = f"/en/cards/{secret}/cancel"
    assert "Cancel your places?" in client.get(f"{address}?registration={number}").get_data(as_text=True)
    assert taken(db_session, session) == 3
    response = post(client, address, f"{address}?registration={number}")
    assert response.status_code == 303
    assert taken(db_session, session) == 0
    page = client.get(response.location or "").get_data(as_text=True)
    assert "You have cancelled. Thank you for telling us" in page
    assert f'id="r{number}"' not in page


def test_cancelling_twice_gives_nothing_back_twice(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, taken=5)
    secret = secret_of(sign_up(client, session))
    number = db_session.scalars(sa.select(Registration.id)).one()
    address = f"/en/cards/{secret}/cancel"
    for _time in range(2):
        assert post(client, address, f"/en/cards/{secret}/data", registration=number).status_code == 303
    assert taken(db_session, session) == 5


def test_after_cancelling_one_may_sign_up_again(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    number = db_session.scalars(sa.select(Registration.id)).one()
    post(client, f"/en/cards/{secret}/cancel", f"/en/cards/{secret}/data", registration=number)
    assert secret_of(sign_up(client, session, name="", for_whom="us")) == secret
    assert taken(db_session, session) == 3


def test_a_session_that_is_over_is_not_cancelled(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    session.starts_at, session.ends_at = utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1)
    number = db_session.scalars(sa.select(Registration.id)).one()
    post(client, f"/en/cards/{secret}/cancel", f"/en/cards/{secret}/data", registration=number)
    assert taken(db_session, session) == 3


def test_nobody_cancels_for_another_household(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    session = make_session(db_session)
    sign_up(client, session)
    number = db_session.scalars(sa.select(Registration.id)).one()
    stranger = new_client()
    secret = secret_of(sign_up(stranger, session))
    for wrong in (number, "", "x", "9" * 19, "9" * 30, "-1", "²"):
        response = post(stranger, f"/en/cards/{secret}/cancel", f"/en/cards/{secret}/data", registration=wrong)
        assert response.status_code == 404
    assert taken(db_session, session) == 6


def test_a_cancel_that_the_page_did_not_send_is_refused(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    number = db_session.scalars(sa.select(Registration.id)).one()
    assert client.post(f"/en/cards/{secret}/cancel", data={"registration": number}).status_code == 400
    assert client.post(f"/en/cards/{secret}/delete").status_code == 400
    assert taken(db_session, session) == 3


def test_my_data_is_everything_that_is_kept(client: FlaskClient, db_session: DbSession) -> None:
    answers = {"phone": "040 123 4567", "email": "amina@example.com", "help": "Arabic, please."}
    secret = secret_of(sign_up(client, make_session(db_session), **answers))
    page = client.get(f"/en/cards/{secret}/data").get_data(as_text=True)
    for kept in ("Amina", "+358401234567", "amina@example.com", "Arabic, please.", "English", "2 adults, 1 child"):
        assert kept in page


def test_deleting_leaves_nothing_but_the_sessions_counter(client: FlaskClient, db_session: DbSession) -> None:
    session, past = make_session(db_session), make_session(db_session)
    secret = secret_of(sign_up(client, session))
    sign_up(client, past, name="", for_whom="us")
    past.starts_at, past.ends_at = utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1)
    response = post(client, f"/en/cards/{secret}/delete", f"/en/cards/{secret}/data")
    assert response.status_code == 303
    assert (taken(db_session, session), taken(db_session, past)) == (0, 3)
    for table in (Household, Card, Registration):
        assert db_session.scalars(sa.select(table)).all() == []
    assert client.get(f"/en/cards/{secret}").status_code == 404
    assert "Sign up again" not in client.get(f"/en/sessions/{session.key}").get_data(as_text=True)


def test_a_phone_can_forget_us(client: FlaskClient, db_session: DbSession) -> None:
    secret = secret_of(sign_up(client, make_session(db_session)))
    assert "Forget us on this phone" in client.get(f"/en/cards/{secret}").get_data(as_text=True)
    post(client, f"/en/cards/{secret}/forget", f"/en/cards/{secret}")
    page = client.get(f"/en/cards/{secret}")
    assert page.status_code == 200
    assert "Forget us on this phone" not in page.get_data(as_text=True)
    other = make_session(db_session)
    assert "Sign up again" not in client.get(f"/en/sessions/{other.key}").get_data(as_text=True)


def test_the_picture_to_keep_has_no_name(client: FlaskClient, db_session: DbSession) -> None:
    secret = secret_of(sign_up(client, make_session(db_session)))
    response = client.get(f"/en/cards/{secret}/card.svg")
    assert response.mimetype == "image/svg+xml"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "Amina" not in response.get_data(as_text=True)


def test_the_cookie_is_not_for_scripts(client: FlaskClient, db_session: DbSession) -> None:
    cookies = sign_up(client, make_session(db_session)).headers.getlist("Set-Cookie")
    assert cookies
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
