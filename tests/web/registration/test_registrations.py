"""The organiser's list of who comes."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.audit.models import AuditEntry
from integration.registration.rules import People
from tests.factories.activities import make_session
from tests.factories.registration import make_household, make_registration
from tests.web.registration.signing_up import sign_in_staff, statements


def test_the_organiser_sees_names_places_and_needs(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_registration(db_session, session, help="Arabic, please.")
    make_registration(db_session, session, make_household(db_session, name=None), people=People(1, 0))
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    response = client.get(f"/en/staff/sessions/{session.key}/registrations")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    for fact in ("Amina", "2 adults, 1 child", "Arabic, please.", "(no name)"):
        assert fact in page
    assert page.count("<li data-words=") == 2
    assert "<b>4</b> <span>come" in page, "two adults with a child, and somebody alone"


def test_reading_the_list_leaves_a_trace_without_names(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    make_registration(db_session, session)
    account_id = sign_in_staff(client, db_session, Role.COORDINATOR)
    client.get(f"/en/staff/sessions/{session.key}/registrations")
    entry = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.list_read")).one()
    assert (entry.account_id, entry.subject, entry.subject_id) == (account_id, "session", str(session.id))
    assert entry.facts == {"rows": 1}


def test_another_organisations_list_is_closed(client: FlaskClient, db_session: DbSession) -> None:
    session, own = make_session(db_session), make_session(db_session)
    sign_in_staff(client, db_session, Role.ORGANISER, own.activity.organisation_id)
    assert client.get(f"/en/staff/sessions/{session.key}/registrations").status_code == 403
    assert client.get(f"/en/staff/sessions/{own.key}/registrations").status_code == 200


def test_the_council_and_strangers_see_no_names(client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session)
    address = f"/en/staff/sessions/{session.key}/registrations"
    assert client.get(address).status_code == 302
    sign_in_staff(client, db_session, Role.COUNCIL)
    assert client.get(address).status_code == 403


def test_the_list_does_not_grow_in_statements(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_session(db_session, capacity=50)
    for _household in range(5):
        make_registration(db_session, session)
    sign_in_staff(client, db_session, Role.COORDINATOR)
    with statements(app) as sent:
        client.get(f"/en/staff/sessions/{session.key}/registrations")
    assert len(sent) <= 9, sent
    for _household in range(5):
        make_registration(db_session, session)
    with statements(app) as of_ten:
        client.get(f"/en/staff/sessions/{session.key}/registrations")
    assert len(of_ten) == len(sent), "as many for ten as for five"
