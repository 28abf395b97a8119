"""The organiser's pages: doors, the live view, and what was flagged."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionStatus
from integration.checkin.models import DoorDevice, ScanDecision
from integration.checkin.queries import people_in
from integration.checkin.rules import People
from integration.checkin.services import record_scans
from integration.checkin.services.groups import count_groups
from integration.kernel.clock import utc_now
from tests.factories.actors import make_actor
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_id, scan_of
from tests.web.checkin.test_door_devices import start, token_of
from tests.web.registration.signing_up import hidden_fields, sign_in_staff, statements


@pytest.fixture
def session(client: FlaskClient, db_session: DbSession) -> Session:
    """A running session whose organiser is signed in."""
    session = make_running_session(db_session, capacity=3)
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    return session


def page_of(client: FlaskClient, session: Session, name: str) -> str:
    return client.get(f"/en/staff/sessions/{session.key}/{name}").get_data(as_text=True)


def secret_in(page: str) -> str:
    found = re.search(r'value="[^"]*/door/([A-Z2-7]{26})"', page)
    assert found
    return found[1]


def test_the_code_is_another_one_after_each_pairing(
    client: FlaskClient, new_client: object, session: Session, db_session: DbSession
) -> None:
    page = page_of(client, session, "doors")
    assert "/door/" not in re.sub(r'action="[^"]*"', "", page)
    fields = hidden_fields(page)
    address = f"/en/staff/sessions/{session.key}/doors/link"
    page = client.post(address, data={**fields, "may_search": "y"}, follow_redirects=True).get_data(as_text=True)
    first = secret_in(page)
    phone = new_client()  # type: ignore[operator]
    assert token_of(start(phone, first))
    page = page_of(client, session, "doors")
    assert secret_in(page) != first
    assert "Door A" in page
    client.post(address, data={**hidden_fields(page), "withdraw": "yes"})
    assert "Show a code for a phone" in page_of(client, session, "doors")


def test_a_phone_is_renamed_and_stopped(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    device = make_device(db_session, session, "T", handset="H")
    make_device(db_session, make_running_session(db_session), "ELSEWHERE", handset="J")
    page = page_of(client, session, "doors")
    address = f"/en/staff/sessions/{session.key}/doors/"
    csrf = hidden_fields(page)
    name = f"door{device.id}-name"
    client.post(f"{address}{device.id}", data={**csrf, f"door{device.id}-csrf_token": csrf_of(page), name: "North"})
    assert "Door North" in page_of(client, session, "doors")
    client.post(f"{address}{device.id}", data={"csrf_token": csrf_of(page), "revoke": "yes"})
    assert "Stopped" in page_of(client, session, "doors")
    other = db_session.scalars(sa.select(DoorDevice.id).where(DoorDevice.handset == "J")).one()
    assert client.post(f"{address}{other}", data={"csrf_token": csrf_of(page), "revoke": "y"}).status_code == 404


def csrf_of(page: str) -> str:
    found = re.search(r'name="[^"]*csrf_token"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_only_its_own_organisers_see_its_doors(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    other = make_running_session(db_session)
    csrf = csrf_of(page_of(client, session, "doors"))
    for name in ("doors", "live"):
        assert client.get(f"/en/staff/sessions/{other.key}/{name}").status_code == 403
    for name in ("doors/link", "doors/1", "flagged"):
        answer = client.post(f"/en/staff/sessions/{other.key}/{name}", data={"csrf_token": csrf})
        assert answer.status_code == 403


def test_a_cancelled_session_shows_no_code(client: FlaskClient, session: Session) -> None:
    csrf = csrf_of(page_of(client, session, "doors"))
    session.status = SessionStatus.CANCELLED
    address = f"/en/staff/sessions/{session.key}/doors/link"
    page = client.post(address, data={"csrf_token": csrf}, follow_redirects=True).get_data(as_text=True)
    assert "This session is cancelled." in page
    assert "plate" not in page


def test_the_live_view_says_more_than_full_and_costs_nothing_unchanged(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    make_device(db_session, session, "A", name="A")
    make_device(db_session, session, "B", name="B")
    card, _ = make_card_with_places(db_session, session, 2, 1)
    record_scans(db_session, "A", [scan_of(card)], utc_now())
    record_scans(db_session, "B", [scan_of(kind="walk_in")], utc_now())
    address = f"/en/staff/sessions/{session.key}/live"
    first = client.get(address)
    page = first.get_data(as_text=True)
    assert "<b>4</b><span>of 3 places" in page
    for line in ("<dt>Door A</dt><dd>3</dd>", "<dt>Door B</dt><dd>1</dd>"):
        assert line in page
    with statements(app) as sent:
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert len(sent) <= 7, sent
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    for deed in (
        lambda: record_scans(db_session, "B", [scan_of(undoes=scan_id(3)), scan_of(kind="walk_in")], utc_now()),
        lambda: count_groups(db_session, actor, session, {1: People(2, 20)}, utc_now()),
        lambda: count_groups(db_session, actor, session, {1: People(2, 19)}, utc_now()),
    ):
        tag = client.get(address).headers["ETag"]
        deed()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_flagged_scans_are_decided_on_the_closing_page(
    client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    make_device(db_session, session, "T", revoked_at=utc_now(), name="A")
    record_scans(db_session, "T", [scan_of(kind="walk_in", id=scan_id(n)) for n in range(3)], utc_now())
    page = page_of(client, session, "closing")
    assert "From a phone that was stopped." in page
    address = f"/en/staff/sessions/{session.key}/flagged"
    csrf = csrf_of(page)
    client.post(address, data={"csrf_token": csrf, "accept": f"{scan_id(0)} {scan_id(1)}"})
    assert people_in(db_session, session.id).total == 2
    client.post(address, data={"csrf_token": csrf, "reject": scan_id(2)})
    assert "From a phone that was stopped." not in page_of(client, session, "closing")
    client.post(address, data={"csrf_token": csrf, "accept": scan_id(9)})
    assert len(db_session.scalars(sa.select(ScanDecision)).all()) == 3
