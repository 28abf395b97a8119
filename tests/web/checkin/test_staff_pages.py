"""The staff pages of the door: who may open them, what they do without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionPartner, SessionStatus
from integration.checkin.models import Closing, DoorDevice, Scan, ScanKind
from integration.checkin.queries import people_in, session_counts
from integration.checkin.services import mark_held, record_scans
from integration.kernel.clock import utc_now
from tests.factories.activities import make_session
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.factories.organisations import make_organisation
from tests.web.registration.signing_up import hidden_fields, sign_in_staff, statements


def door(session: Session) -> str:
    return f"/en/staff/sessions/{session.key}/door"


def closing(session: Session) -> str:
    return f"/en/staff/sessions/{session.key}/closing"


@pytest.fixture
def session(client: FlaskClient, db_session: DbSession) -> Session:
    """A running session whose organiser is signed in."""
    session = make_running_session(db_session)
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    return session


def press(client: FlaskClient, page: str, **answers: object) -> str:
    """Open a page and press its button; returns the page that comes."""
    fields = hidden_fields(client.get(page).get_data(as_text=True))
    return client.post(page, data={**fields, **answers}, follow_redirects=True).get_data(as_text=True)


def token_in(page: str) -> str:
    found = re.search(r'data-token="([A-Z2-7]{32})"', page)
    assert found
    return found[1]


def test_only_the_sessions_own_organisers_open_its_door(
    client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    other = make_running_session(db_session)
    for address in (door(other), closing(other), f"/en/staff/sessions/{other.key}/headcount"):
        assert client.get(address).status_code == 403
        fields = hidden_fields(client.get(door(session)).get_data(as_text=True))
        assert client.post(address, data=fields).status_code == 403
    assert client.get(door(session)).status_code == 200
    assert db_session.scalars(sa.select(DoorDevice)).all() == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.COUNCIL])
def test_others_open_no_door(client: FlaskClient, db_session: DbSession, role: Role) -> None:
    session = make_running_session(db_session)
    assert client.get(door(session)).status_code == 302
    sign_in_staff(client, db_session, role)
    assert client.get(door(session)).status_code == 403
    assert client.get("/en/staff/").status_code == 200


def test_opening_the_door_gives_this_phone_a_token_and_the_camera(
    client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    start = client.get(door(session))
    assert "data-token" not in start.get_data(as_text=True)
    opened = client.post(door(session), data=hidden_fields(start.get_data(as_text=True)))
    assert opened.headers["Permissions-Policy"].startswith("camera=(self)")
    assert opened.headers["Cache-Control"] == "no-store"
    token = token_in(opened.get_data(as_text=True))
    assert record_scans(db_session, token, [scan_of(kind="walk_in")], utc_now())[0]["result"] == "accepted"
    db_session.rollback()
    assert client.post(door(session)).status_code == 400, "without the form's token nothing opens"


def test_a_cancelled_session_has_no_door(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    fields = hidden_fields(client.get(door(session)).get_data(as_text=True))
    session.status = SessionStatus.CANCELLED
    assert "This session is cancelled." in client.get(door(session)).get_data(as_text=True)
    assert client.post(door(session), data=fields).status_code == 409
    assert db_session.scalars(sa.select(DoorDevice)).all() == []


def test_the_door_without_a_script(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    card, _ = make_card_with_places(db_session, session, 2, 1)
    card.code_digest = "4f8f4f8f"
    page = press(client, door(session))
    count = f"{door(session)}/count"

    def submit(**answers: str) -> str:
        nonlocal page
        page = client.post(count, data={**hidden_fields(page), **answers}).get_data(as_text=True)
        return page

    assert "Counted" in submit(add="child")
    assert people_in(db_session, session.id) == (0, 1)
    submit(undo="1")
    assert people_in(db_session, session.id) == (0, 0)
    assert "Try once more" in submit(code="ABC DEF GHJ")
    assert people_in(db_session, session.id) == (0, 0), "a typing error counts nobody"


def test_a_form_sent_twice_counts_once(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    fields = {**hidden_fields(press(client, door(session))), "add": "adult"}
    for _ in range(2):
        assert client.post(f"{door(session)}/count", data=fields).status_code == 200
    assert people_in(db_session, session.id) == (1, 0)


def test_headcount(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    address = f"/en/staff/sessions/{session.key}/headcount"
    assert "Write how many came." in press(client, address)
    assert "Write a number, 0 or more." in press(client, address, adults="-4")
    assert client.post(address, data={"adults": "två"}).status_code == 400
    assert "52 people are counted." in press(client, address, adults="40", children="12")
    assert session_counts(db_session, [session.id])[session.id].headcount == 52


def test_closing_confirms_and_corrects(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    here, absent = make_organisation(db_session), make_organisation(db_session)
    session.partners = [SessionPartner(organisation_id=each.id, present=None) for each in (here, absent)]
    make_device(db_session, session, "T")
    card, _ = make_card_with_places(db_session, session, 2, 1)
    record_scans(db_session, "T", [scan_of(card), scan_of(kind="walk_in")], utc_now())
    told = {"held": "yes", "partners": [str(here.id)], "language_support": ["interpreter"]}
    refused = press(client, closing(session), adults="6", children="1", **told)
    assert "Say why the number differs" in refused
    assert "fewer than were scanned" in press(client, closing(session), adults="1", children="0", **told)
    assert db_session.get(Closing, session.id) is None
    done = press(client, closing(session), adults="6", children="1", reason="not_scanned", **told)
    assert "It was held." in done
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.total, counts.scanned, counts.walk_in, counts.headcount, counts.held) == (7, 3, 1, 3, True)
    present = {each.organisation_id: each.present for each in db_session.scalars(sa.select(SessionPartner))}
    assert present == {here.id: True, absent.id: False}
    again = press(client, closing(session), held="no")
    assert "It was not held." in again
    assert session_counts(db_session, [session.id])[session.id].held is False


def test_held_with_nobody_counted_asks_once_more(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    asked = press(client, closing(session), held="yes", note="Snow")
    assert "Nobody has been counted." in asked
    assert "Snow" in asked, "what was typed is kept"
    assert db_session.get(Closing, session.id) is None
    assert "It was held." in press(client, closing(session), held="although_nobody", note="Snow")
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.total, counts.held) == (0, True)


def test_closing_says_which_languages_were_spoken(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    session.languages = ["ar", "sv"]
    page = client.get(closing(session)).get_data(as_text=True)
    assert re.search(r'value="ar"[^>]* checked', page), "what was planned is filled in"
    press(client, closing(session), held="although_nobody", languages=["fi", "sv"])
    db_session.expire_all()
    assert session.languages == ["sv", "fi"]


def test_nothing_is_closed_before_it_begins(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    session.starts_at += timedelta(days=3)
    session.ends_at += timedelta(days=3)
    assert "has not begun yet" in press(client, closing(session), held="yes")
    assert db_session.get(Closing, session.id) is None


def test_held_by_itself_an_hour_after_the_end(db_session: DbSession) -> None:
    session, empty = make_running_session(db_session), make_running_session(db_session)
    make_device(db_session, session, "T")
    record_scans(db_session, "T", [scan_of(kind="walk_in")], utc_now())
    for minutes, held in ((59, None), (60, True), (60, True)):
        mark_held(db_session, session.ends_at + timedelta(minutes=minutes))
        counts = session_counts(db_session, [session.id, empty.id])
        assert counts[session.id].held is held
        assert counts[empty.id].held is None
    said = db_session.get(Closing, session.id)
    assert said is not None
    assert said.account_id is None


def test_today_shows_now_to_confirm_and_coming(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    activity = session.activity
    ended = make_session(db_session, activity=activity, starts_at=utc_now() - timedelta(days=5), title={"sv": "Förr"})
    coming = make_session(db_session, activity=activity, title={"sv": "Sen"}, taken=5)
    elsewhere = make_session(db_session, title={"sv": "Annanstans"})
    db_session.flush()
    with statements(app) as sent:
        page = client.get("/sv/staff/").get_data(as_text=True)
    assert len(sent) <= 8, sent
    for shown in (session, ended, coming):
        assert shown.key in page
    assert elsewhere.key not in page
    assert page.index(session.key) < page.index(ended.key) < page.index(coming.key)


def test_a_headcount_leaves_its_scan(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    press(client, f"/en/staff/sessions/{session.key}/headcount", adults="3")
    assert db_session.scalars(sa.select(Scan.kind)).all() == [ScanKind.HEADCOUNT]
    assert session_counts(db_session, [session.id])[session.id].headcount == 3
