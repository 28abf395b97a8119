"""Signing up: what a form makes, what it refuses, and what it never loses."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionPlaces, SessionStatus, SignUpMode
from integration.kernel.clock import utc_now
from integration.kernel.database import Base
from integration.kernel.tokens import digest
from integration.registration.cards import derived_codes
from integration.registration.models import Card, Household, Registration
from tests.factories.activities import make_activity, make_session
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import (
    hidden_fields,
    open_form,
    post,
    secret_of,
    send_form,
    sign_in_staff,
    sign_up,
    statements,
)


def registrations(db_session: DbSession) -> list[Registration]:
    return list(db_session.scalars(sa.select(Registration).order_by(Registration.created_at)))


def taken(db_session: DbSession, session: Session) -> int:
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one()


def test_a_name_and_a_number_are_enough(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    response = sign_up(client, session, "sv")
    assert response.status_code == 303
    assert secret_of(response)
    (made,) = registrations(db_session)
    assert (made.adults, made.children, made.household.name, made.household.language) == (2, 1, "Amina", "sv")
    assert taken(db_session, session) == 3
    page = client.get(response.location or "").get_data(as_text=True)
    assert f'id="r{made.id}"' in page


def test_what_is_optional_is_kept_as_it_can_be_used(client: FlaskClient, db_session: DbSession) -> None:
    answers = {"phone": "040 123 4567", "email": "Amina@Example.com", "help": "Arabic, please.\r\nNo steps."}
    assert sign_up(client, make_session(db_session), **answers).status_code == 303
    (made,) = registrations(db_session)
    assert made.household.phone == "+358401234567"
    assert made.household.email == "Amina@example.com"
    assert made.help == "Arabic, please.\nNo steps."


def test_a_form_sent_twice_makes_one_registration(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    form = {**open_form(client, session), "name": "Amina", "adults": 2, "children": 1}
    first, second = send_form(client, session, **form), send_form(client, session, **form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(registrations(db_session)) == 1
    assert taken(db_session, session) == 3


def test_a_form_sent_twice_is_the_same_even_when_it_took_the_last_places(
    client: FlaskClient, db_session: DbSession
) -> None:
    session = make_session(db_session, capacity=3)
    form = {**open_form(client, session), "name": "Amina", "adults": 2, "children": 1}
    assert send_form(client, session, **form).location == send_form(client, session, **form).location


def test_a_token_counts_for_its_own_session(client: FlaskClient, db_session: DbSession) -> None:
    one, other = make_session(db_session), make_session(db_session)
    form = {**open_form(client, one), "name": "Amina", "adults": 1, "children": 0}
    assert secret_of(send_form(client, one, **form)) != secret_of(send_form(client, other, **form))


def test_a_token_that_anybody_could_send_is_no_token(client: FlaskClient, db_session: DbSession) -> None:
    """Or the next one to send it would be shown the first one's card."""
    session = make_session(db_session)
    for token in ("", "1", "a" * 32, "A" * 31, "0" * 32):
        response = sign_up(client, session, form_token=token)
        page = response.get_data(as_text=True)
        assert response.status_code == 422
        assert "Amina" in page
    again = send_form(client, session, **{**hidden_fields(page), "name": "Amina", "adults": 1, "children": 0})
    assert again.status_code == 303


HOSTILE_NAMES = {
    "x" * 10_000: ("too long", "x" * 10_000),
    "Ami\x00na": ("characters that cannot be shown", "Amina"),
    "\u202eanimA": ("characters that cannot be shown", "animA"),
    "\u2066Amina": ("characters that cannot be shown", "Amina"),
    "Ami\nna": ("characters that cannot be shown", "Amina"),
    "   ": ("Write a name", ""),
    "\u200b\u200b": ("Write a name", ""),
    "": ("Write a name", ""),
}


def test_a_name_that_cannot_be_a_name_gets_a_clear_sentence(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    chosen = 'id="adults-3" value="3" aria-label="3 adults" checked'
    for name, (words, kept) in HOSTILE_NAMES.items():
        response = sign_up(client, session, name=name, adults=3, children=2, help="A ramp, please")
        page = response.get_data(as_text=True)
        assert response.status_code == 422, name
        for part in (words, kept, "A ramp, please", chosen):
            assert part in page, name
        assert "\x00" not in page
    assert registrations(db_session) == []


def test_a_name_is_text_whatever_it_says(new_client: Callable[[], FlaskClient], db_session: DbSession) -> None:
    session = make_session(db_session)
    for name in ("<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "'; DROP TABLE households;--"):
        client = new_client()
        page = client.get(f"/en/cards/{secret_of(sign_up(client, session, name=name))}").get_data(as_text=True)
        assert html.escape(name, quote=False).replace("'", "&#39;") in page
        assert db_session.scalars(sa.select(Household).where(Household.name == name)).one()


NO_NUMBERS = (
    {"adults": "-1"},
    {"adults": "1e9"},
    {"adults": "1000000000"},
    {"adults": "9" * 5000},
    {"adults": "två"},
    {"adults": ""},
    {"adults": "13"},
    {"adults": "0", "children": "0"},
    {"adults": "7", "children": "6"},
    {"children": "-1"},
    {"children": "many"},
)


def test_numbers_that_are_none_get_a_clear_sentence(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    for answers in NO_NUMBERS:
        response = sign_up(client, session, name="Åsa-Maija", **answers)
        page = response.get_data(as_text=True)
        assert response.status_code == 422, answers
        for kept in ("Choose", "Everything else is still here.", "Åsa-Maija"):
            assert kept in page, answers
    assert taken(db_session, session) == 0


NO_CONTACTS = (
    {"phone": "hello"},
    {"phone": "0" * 5000},
    {"phone": "12"},
    {"email": "amina"},
    {"email": "a@" + "b" * 5000},
    {"email": "a\x00@example.com"},
    {"help": "x" * 501},
    {"help": "\u202eturned"},
)


def test_contacts_that_reach_nobody_get_a_clear_sentence(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    for answers in NO_CONTACTS:
        response = sign_up(client, session, **answers)
        page = response.get_data(as_text=True)
        assert response.status_code == 422, answers
        for kept in ("aria-invalid", '<details class="fold" open>', "Amina"):
            assert kept in page, answers


def test_a_form_without_its_proof_is_refused(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    form = {**open_form(client, session), "name": "Amina", "adults": 1, "children": 0, "csrf_token": "forged"}
    assert send_form(client, session, **form).status_code == 400
    assert registrations(db_session) == []


def test_a_family_that_does_not_fit_is_told_and_not_split(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=2)
    response = sign_up(client, session)
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "2 places are left and you are 3." in page
    assert 'value="Amina"' in page
    assert (taken(db_session, session), registrations(db_session)) == (0, [])
    assert db_session.scalars(sa.select(Household)).all() == []


def test_a_session_that_filled_meanwhile_says_so(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=3)
    form = {**open_form(client, session), "name": "Amina", "adults": 1, "children": 0}
    session.places.taken = 3
    response = send_form(client, session, **form)
    assert response.status_code == 409
    assert "Full right now." in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sign_up_closed": True}, "Sign-up is closed."),
        ({"status": SessionStatus.CANCELLED}, "will not be held"),
        ({"sign_up": SignUpMode.NONE}, "just come"),
        ({"sensitive": True}, "No name is asked for"),
        ({"starts_at": utc_now() - timedelta(hours=3), "ends_at": utc_now() - timedelta(hours=1)}, "is over"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_changed_since_the_page_was_opened_is_said(
    client: FlaskClient, db_session: DbSession, change: dict[str, Any], words: str
) -> None:
    session = make_session(db_session)
    form = {**open_form(client, session), "name": "Amina", "adults": 1, "children": 0}
    for name, value in change.items():
        setattr(session, name, value)
    response = send_form(client, session, **form)
    assert response.status_code == 409
    assert words in response.get_data(as_text=True)
    assert registrations(db_session) == []


def test_children_are_asked_by_age_where_the_activity_asks(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, activity=make_activity(db_session, asks_age_groups=True))
    answers = {"name": "Amina", "adults": 1, "children_0_6": 1, "children_7_12": 2, "children_13_17": 0}
    assert send_form(client, session, **{**open_form(client, session), **answers}).status_code == 303
    (made,) = registrations(db_session)
    assert (made.children, made.children_0_6, made.children_7_12, made.children_13_17) == (3, 1, 2, 0)
    assert taken(db_session, session) == 4


def test_children_without_age_are_not_lost_there(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, activity=make_activity(db_session, asks_age_groups=True))
    assert sign_up(client, session).status_code == 303
    assert registrations(db_session)[0].children == 1


def test_a_phone_that_signed_up_may_sign_up_the_same_household(client: FlaskClient, db_session: DbSession) -> None:
    one, other = make_session(db_session), make_session(db_session)
    secret = secret_of(sign_up(client, one))
    page = client.get(f"/en/sessions/{other.key}").get_data(as_text=True)
    assert "Sign up again: Amina" in page
    assert f"/en/sessions/{other.key}?for=other#sign-up" in page
    assert secret_of(sign_up(client, other, name="", for_whom="us", phone="040 123 4567")) == secret
    (household,) = db_session.scalars(sa.select(Household))
    assert (household.name, household.phone) == ("Amina", "+358401234567")
    assert len(registrations(db_session)) == 2


def test_the_same_phone_may_sign_up_another_family_and_stays_the_firsts(
    client: FlaskClient, db_session: DbSession
) -> None:
    one, other, third = make_session(db_session), make_session(db_session), make_session(db_session)
    first = secret_of(sign_up(client, one))
    assert secret_of(sign_up(client, other, name="Fatima", for_whom="other")) != first
    assert secret_of(sign_up(client, third, name="", for_whom="us")) == first
    assert secret_of(sign_up(client, make_session(db_session), name="Leila")) != first


def test_the_signed_up_are_offered_a_labelled_way_for_another_family(
    client: FlaskClient, db_session: DbSession
) -> None:
    session = make_session(db_session)
    first = secret_of(sign_up(client, session))
    page = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "form_token" not in page
    assert "Sign up another family" in page
    other = client.get(f"/en/sessions/{session.key}?for=other").get_data(as_text=True)
    assert "They get a card of their own." in other
    answers = {**hidden_fields(other), "name": "Fatima", "adults": 1, "children": 0}
    second = secret_of(client.post(f"/en/sessions/{session.key}?for=other", data=answers))
    card = client.get(f"/en/cards/{second}").get_data(as_text=True)
    assert "Save this card now." in card
    assert first != second
    post(client, f"/en/cards/{second}/remember", f"/en/cards/{second}")
    third = client.get(f"/en/sessions/{make_session(db_session).key}").get_data(as_text=True)
    assert "Sign up again: Amina" in third
    assert "Sign up again: Fatima" in third
    assert "Forget us on this phone" in third


def test_another_name_is_not_taken_for_us(client: FlaskClient, db_session: DbSession) -> None:
    sign_up(client, make_session(db_session))
    response = sign_up(client, make_session(db_session), name="Fatima", for_whom="us")
    assert response.status_code == 422
    assert "not the name on this phone" in response.get_data(as_text=True)
    assert "Fatima" in response.get_data(as_text=True)


def test_who_is_signed_up_is_told_on_this_phone_and_nowhere_else(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    session = make_session(db_session)
    secret = secret_of(sign_up(client, session))
    here = client.get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "You are signed up for this session." in here
    assert secret in here
    elsewhere = new_client().get(f"/en/sessions/{session.key}").get_data(as_text=True)
    assert "You are signed up for this session." not in elsewhere
    assert secret not in elsewhere
    assert sign_up(new_client(), session).status_code == 303


def test_signing_up_twice_as_us_points_to_the_card(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    other = make_session(db_session)
    secret = secret_of(sign_up(client, other))
    usual: dict[str, Any] = {"name": "", "adults": 1, "children": 0, "for_whom": "us"}
    form = {**open_form(client, session), **usual}
    assert send_form(client, session, **form).status_code == 303
    again = send_form(client, session, **{**form, "form_token": "B" * 32})
    assert again.status_code in (303, 409, 422)
    assert secret in again.get_data(as_text=True)
    assert taken(db_session, session) == 1


def test_a_staff_desk_remembers_nobody(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.COORDINATOR)
    sign_up(client, make_session(db_session))
    page = client.get(f"/en/sessions/{make_session(db_session).key}").get_data(as_text=True)
    assert "Sign up again" not in page


def test_a_card_that_died_is_not_remembered(client: FlaskClient, db_session: DbSession) -> None:
    sign_up(client, make_session(db_session))
    db_session.execute(sa.update(Card).values(revoked_at=utc_now()))
    response = client.get(f"/en/sessions/{make_session(db_session).key}")
    assert response.status_code == 200
    assert "Sign up again" not in response.get_data(as_text=True)


def test_the_database_and_the_log_hold_no_secret(
    client: FlaskClient, db_session: DbSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = sign_up(client, make_session(db_session))
        client.get(response.location or "")
    card = db_session.scalars(sa.select(Card)).one()
    codes = derived_codes(CARD_KEY, card.id, card.issue)
    assert (card.pass_digest, card.code_digest, card.link_digest) == tuple(digest(code) for code in codes)
    stored = " ".join(str(row) for table in Base.metadata.sorted_tables for row in db_session.execute(sa.select(table)))
    for code in codes:
        assert code not in stored
        assert code not in caplog.text
    assert "Amina" not in caplog.text


def test_signing_up_takes_few_statements(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    """Two reads, a household, a card, a registration, and the guard on the places last."""
    session = make_session(db_session)
    form = {**open_form(client, session), "name": "Amina", "adults": 2, "children": 1}
    with statements(app) as sent:
        assert send_form(client, session, **form).status_code == 303
    assert len(sent) <= 6, sent
    assert sent[-1].lstrip().startswith("UPDATE session_places")
