"""Counting heads one by one: each press once, by age where it is asked, and the last one back."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session, SessionStatus
from integration.checkin.models import DoorDevice
from integration.checkin.queries import people_in, session_counts
from integration.checkin.queries.tally import heads_by_category
from tests.factories.activities import make_activity
from tests.factories.checkin import make_running_session
from tests.web.registration.signing_up import hidden_fields, sign_in_staff


@pytest.fixture
def session(client: FlaskClient, db_session: DbSession) -> Session:
    """A sensitive session that asks ages; its organiser is signed in."""
    activity = make_activity(db_session, asks_age_groups=True)
    session = make_running_session(db_session, activity=activity, sensitive=True)
    sign_in_staff(client, db_session, Role.ORGANISER, activity.organisation_id)
    return session


def page_of(client: FlaskClient, session: Session) -> str:
    return client.get(f"/en/staff/sessions/{session.key}/headcount").get_data(as_text=True)


def press(client: FlaskClient, session: Session, **answers: str) -> int:
    fields = hidden_fields(page_of(client, session))
    return client.post(f"/en/staff/sessions/{session.key}/headcount/one", data={**fields, **answers}).status_code


def test_each_press_counts_one(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    assert "Children, 7–12 years" in page_of(client, session)
    for category in ("adults", "adults", "7-12", "13-17"):
        assert press(client, session, add=category) == 303
    assert people_in(db_session, session.id) == (2, 2)
    heads = heads_by_category(db_session, session.id)
    assert {name: number for name, number in heads.items() if number} == {"adults": 2, "7-12": 1, "13-17": 1}
    assert session_counts(db_session, [session.id])[session.id].headcount == 4
    assert len(db_session.scalars(sa.select(DoorDevice)).all()) == 1


def test_a_press_sent_twice_counts_once_and_is_undone_once(
    client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    address = f"/en/staff/sessions/{session.key}/headcount/one"
    press(client, session, add="adults")
    fields = {**hidden_fields(page_of(client, session)), "add": "0-6", "scan_id": str(uuid4())}
    for _ in range(2):
        assert client.post(address, data=fields, headers={"Accept": "application/json"}).status_code == 204
    assert people_in(db_session, session.id) == (1, 1)
    last = re.search(r'name="undo" value="([0-9a-f-]{36})"', page_of(client, session))
    assert last is not None
    for _ in range(2):
        assert press(client, session, undo=last[1]) == 303
    assert people_in(db_session, session.id).total == 1


def test_what_is_no_press(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    assert press(client, session, add="dogs") == 400
    assert press(client, session, add="adults", scan_id="1") == 400
    assert press(client, session, undo=str(uuid4())) == 303
    assert client.post(f"/en/staff/sessions/{session.key}/headcount/one", data={"add": "adults"}).status_code == 400
    session.status = SessionStatus.CANCELLED
    assert press(client, session, add="adults", scan_id=str(uuid4())) == 303
    assert people_in(db_session, session.id).total == 0


def test_a_sensitive_session_is_counted_in_no_other_way(client: FlaskClient, session: Session) -> None:
    its = f"/en/staff/sessions/{session.key}"
    for address in (its, "/en/staff/"):
        page = client.get(address).get_data(as_text=True)
        assert f"{its}/headcount" in page
        assert not [each for each in ("door", "registrations", "self-check-in", "sheet") if f'{its}/{each}"' in page]
    closing = client.get(f"{its}/closing").get_data(as_text=True)
    assert "Heads counted" in closing and "Cards scanned" not in closing
    assert "were not scanned" not in page_of(client, session)
