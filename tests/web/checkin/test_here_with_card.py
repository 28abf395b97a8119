"""Self check-in with a card: a phone that remembers a family, one that remembers several, and a code that is typed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.checkin.queries import people_in, session_counts
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from integration.registration.cards import derived_codes, shown
from integration.registration.models import Card
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.factories.registration import make_card
from tests.fixtures.settings import CARD_KEY
from tests.web.checkin.test_self_check_in import code_of
from tests.web.registration.signing_up import hidden_fields


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way."""
    return make_running_session(db_session, title={"sv": "Kafékväll"})


def remembers(client: FlaskClient, *cards: Card) -> None:
    with client.session_transaction() as cookie:
        cookie["card"] = " ".join(derived_codes(CARD_KEY, card.id, card.issue).link_secret for card in cards)


def page_of(client: FlaskClient, secret: str) -> str:
    return client.get(f"/en/here/{secret}").get_data(as_text=True)


def mark(client: FlaskClient, secret: str, **answers: str) -> str:
    fields = {**hidden_fields(page_of(client, secret)), "adults": "2", "children": "1", **answers}
    return client.post(f"/en/here/{secret}", data=fields, follow_redirects=True).get_data(as_text=True)


def test_the_family_of_this_phone_counts_once_with_the_door(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    card, signed = make_card_with_places(db_session, session, 2, 1)
    signed.household.name = "Amina"
    make_device(db_session, session, "T")
    secret = code_of(app, db_session, session)
    remembers(client, card)
    page = page_of(client, secret)
    assert "Amina" in page
    assert 'id="adults-2" value="2" aria-label="2 adults" checked' in page, "as they signed up"
    assert "You are counted: 2 adults, 1 child." in mark(client, secret, who="us")
    db_session.rollback()
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.self_marked, counts.identified, counts.total) == (3, 3, 3)
    record_scans(db_session, "T", [scan_of(card)], utc_now())
    db_session.commit()
    assert people_in(db_session, session.id).total == 3
    page = page_of(client, secret)
    assert "You are counted already: 2 adults, 1 child." in page
    assert 'value="us"' not in page, "there is nothing left to say for them"
    assert "Is another family here with this phone?" in page
    mark(client, secret, adults="1", children="0")
    db_session.rollback()
    assert people_in(db_session, session.id).total == 4


def test_of_several_families_it_asks_which(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    cards = [make_card(db_session), make_card(db_session)]
    secret = code_of(app, db_session, session)
    remembers(client, *cards)
    page = page_of(client, secret)
    assert all(f'name="who" value="{value}"' in page for value in ("us", "us1", "other"))
    for value, total in (("us1", 3), ("us", 6), ("us1", 6), ("other", 9)):
        assert "You are counted: 2 adults, 1 child." in mark(client, secret, who=value)
        db_session.rollback()
        assert people_in(db_session, session.id).total == total
    assert session_counts(db_session, [session.id])[session.id].identified == 6


def test_a_typed_code_counts_the_card_and_shows_nothing_of_it(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    card, signed = make_card_with_places(db_session, session, 2, 2)
    signed.household.name = "Amina"
    make_device(db_session, session, "T")
    record_scans(db_session, "T", [scan_of(card)], utc_now())
    secret = code_of(app, db_session, session)
    mark(client, secret)  # before somebody finds the card
    code = shown(derived_codes(CARD_KEY, card.id, card.issue).short_code).lower()
    page = mark(client, secret, code=code)
    assert "You are counted: 2 adults, 1 child." in page, "as they said, not as the card has it"
    assert "Amina" not in page + page_of(client, secret)
    db_session.rollback()
    assert people_in(db_session, session.id) == (2, 2)
    mark(client, secret, adults="3", children="3")  # the phone keeps whose card it was
    db_session.rollback()
    assert people_in(db_session, session.id) == (3, 3)
    assert session_counts(db_session, [session.id])[session.id].identified == 6


def test_an_unknown_code_counts_nobody_and_keeps_what_was_chosen(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    secret = code_of(app, db_session, session)
    page = mark(client, secret, code="BCD FGH JKM")
    assert "We do not know this code." in page
    assert "BCD FGH JKM" in page
    db_session.rollback()
    assert people_in(db_session, session.id).total == 0


def test_a_staff_desk_offers_no_family(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    secret = code_of(app, db_session, session)
    remembers(client, make_card(db_session))
    with client.session_transaction() as cookie:
        cookie["sign_in"] = "TOKEN"
    assert 'name="who"' not in page_of(client, secret)
