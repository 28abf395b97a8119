"""The sheet typed in: listed, tied to cards, once however often it is sent, corrected by what is sent last."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.audit.models import AuditEntry
from integration.audit.services import Audited
from integration.checkin.models import Attendance, Scan, Source
from integration.checkin.queries import people_in, session_counts, visitor_sets
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.web.checkin.test_same_moment import at_once
from tests.web.registration.signing_up import hidden_fields, sign_in_staff


@pytest.fixture
def session(client: FlaskClient, db_session: DbSession) -> Session:
    """A running session whose organiser is signed in."""
    session = make_running_session(db_session)
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    return session


def address(session: Session) -> str:
    return f"/en/staff/sessions/{session.key}/sheet"


def send(client: FlaskClient, session: Session, **answers: object) -> int:
    fields = hidden_fields(client.get(address(session)).get_data(as_text=True))
    return client.post(address(session), data={**fields, **answers}).status_code


def test_listed_with_their_cards_and_walk_ins(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    card, signed = make_card_with_places(db_session, session, 2, 1)
    _other, absent = make_card_with_places(db_session, session, 1, 0)
    told = {
        f"adults-{signed.id}": "2",
        f"children-{signed.id}": "",
        f"adults-{absent.id}": "",
        f"children-{absent.id}": "",
        "walk-adults": "3",
        "walk-children": "4",
    }
    for _ in range(2):
        assert send(client, session, **told) == 303
        counts = session_counts(db_session, [session.id])[session.id]
        assert (counts.listed, counts.total, counts.identified) == (9, 9, 2)
    assert [tuple(each)[1:] for each in visitor_sets(db_session, [session.id])] == [(card.visitor_key, 2, 0)]
    assert len(db_session.scalars(sa.select(Scan.id)).all()) == 3, "the second time nothing is added"
    assert set(db_session.scalars(sa.select(Attendance.source))) == {Source.LISTED}


@pytest.mark.parametrize("later", [(1, 0), (0, 0), (1, 3), (4, 2)])
def test_what_is_sent_last_counts(
    client: FlaskClient, session: Session, db_session: DbSession, later: tuple[int, int]
) -> None:
    _card, signed = make_card_with_places(db_session, session, 2, 1)
    for adults, children in ((2, 1), later, (2, 1), later):
        send(client, session, **{f"adults-{signed.id}": str(adults), f"children-{signed.id}": str(children)})
        db_session.expire_all()
        assert people_in(db_session, session.id) == (adults, children)


def test_scanned_and_listed_are_the_same_people(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    card, signed = make_card_with_places(db_session, session, 2, 0)
    make_device(db_session, session, "T")
    record_scans(db_session, "T", [scan_of(card, adults=2)], utc_now())
    assert "Scanned at the door: 2 adults" in client.get(address(session)).get_data(as_text=True)
    send(client, session, **{f"adults-{signed.id}": "2"})
    assert people_in(db_session, session.id) == (2, 0)


def test_names_only_for_those_who_may_read_and_with_a_trace(
    client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    read = sa.select(sa.func.count()).where(AuditEntry.action == Audited.REGISTRATIONS_READ)
    before = db_session.scalar(read) or 0
    assert client.get(address(session)).status_code == 200
    db_session.rollback()
    assert db_session.scalar(read) == before + 1
    other = make_running_session(db_session)
    assert client.get(address(other)).status_code == 403
    session.sensitive = True
    assert client.get(address(session)).status_code == 404


def test_what_is_no_number_is_asked_again(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    for wrong in ("-1", "two", "100000", "½"):
        assert send(client, session, **{"walk-adults": wrong}) == 422
    assert people_in(db_session, session.id).total == 0


def test_two_send_the_same_sheet_at_the_same_moment(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    _card, signed = make_card_with_places(db_session, session, 2, 1)
    db_session.commit()
    fields = hidden_fields(client.get(address(session)).get_data(as_text=True))
    told = {**fields, f"adults-{signed.id}": "2", f"children-{signed.id}": "1", "walk-adults": "5"}
    clients = []
    for _ in range(2):
        twin = app.test_client()
        for name in (app.config["SESSION_COOKIE_NAME"],):
            cookie = client.get_cookie(name)
            assert cookie is not None
            twin.set_cookie(name, cookie.value)
        clients.append(twin)
    sent = at_once(*[lambda c=c: c.post(address(session), data=told).status_code for c in clients])
    assert sent == [303, 303]
    db_session.rollback()
    assert people_in(db_session, session.id) == (7, 1)
