"""The door says when a household's own time is: with a card, a typed code, a name, and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session, Slot
from integration.kernel.clock import local, utc_now
from integration.registration.cards import derived_codes, shown
from integration.registration.models import Card
from tests.factories.actors import sign_in_as
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.fixtures.settings import CARD_KEY
from tests.web.registration.signing_up import post

TOKEN = "TOKEN-OF-THE-DOOR"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def session(db_session: DbSession) -> Session:
    session = make_running_session(db_session)
    session.slot_minutes = 20
    make_device(db_session, session, TOKEN, may_search=True)
    return session


def expected(db_session: DbSession, session: Session) -> tuple[Card, str]:
    """A card with an individual time, and the time in words."""
    card, registration = make_card_with_places(db_session, session, 1, 0)
    slot = Slot(session_id=session.id, starts_at=session.starts_at, ends_at=session.ends_at, desk=1, language="sv")
    db_session.add(slot)
    db_session.flush()
    registration.slot_id = slot.id
    assert card.household is not None
    card.household.name = "Nadia"
    db_session.flush()
    return card, f"{local(slot.starts_at):%H:%M}"


def send(client: FlaskClient, *scans: dict[str, Any]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = client.post("/api/v1/door/scans", json=list(scans), headers=HEADERS).get_json()
    return answers


def test_a_scan_a_typed_code_and_a_name_say_the_time(
    client: FlaskClient, db_session: DbSession, session: Session
) -> None:
    card, at = expected(db_session, session)
    passer_by, _places = make_card_with_places(db_session, session, 1, 0)
    scanned = scan_of(card)
    (answer,) = send(client, scanned)
    assert answer["slot"].replace(".", ":") == at
    assert send(client, scanned)[0]["slot"] == answer["slot"], "sent again"
    typed, other, walk_in = send(
        client, scan_of(digest=card.code_digest), scan_of(passer_by), scan_of(kind="walk_in", adults=1)
    )
    assert typed["message"] == "already" and typed["slot"] == answer["slot"]
    assert "slot" not in other and "slot" not in walk_in, "without a time of their own"
    (hit,) = client.get("/api/v1/door/search?q=nad", headers=HEADERS).get_json()
    assert hit["slot"] == answer["slot"]


def test_a_stopped_phone_learns_no_time(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    card, _at = expected(db_session, session)
    make_device(db_session, session, "STOPPED", revoked_at=utc_now())
    scan = [scan_of(card)]
    (answer,) = client.post("/api/v1/door/scans", json=scan, headers={"Authorization": "Bearer STOPPED"}).get_json()
    assert answer["flag"] == "revoked" and "slot" not in answer


def test_the_door_without_a_script_says_it_too(client: FlaskClient, db_session: DbSession, session: Session) -> None:
    card, at = expected(db_session, session)
    sign_in_as(client, db_session)
    door = f"/en/staff/sessions/{session.key}/door"
    page = post(client, door, door).get_data(as_text=True)
    code = shown(derived_codes(CARD_KEY, card.id, card.issue).short_code)
    token = page.split('data-token="')[1].split('"')[0]
    scan_id = page.split('name="scan_id"')[1].split('value="')[1].split('"')[0]
    csrf = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"csrf_token": csrf, "token": token, "scan_id": scan_id, "code": code}
    answer = client.post(f"{door}/count", data=form).get_data(as_text=True)
    assert f"Their time: {at}" in answer
