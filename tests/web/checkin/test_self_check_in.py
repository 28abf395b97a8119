"""Self check-in: a code for the hour, one count per phone, corrections, and nothing told by a dead code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.checkin.models import Scan, ScanKind, SelfCheckInCode
from integration.checkin.queries import people_in, session_counts
from integration.checkin.routes import here
from integration.checkin.rules import SELF_CHECK_INS_PER_NETWORK
from integration.checkin.services.self_check_in import code_secret, renew_code
from integration.kernel.clock import utc_now
from integration.kernel.tokens import digest
from tests.factories.activities import make_activity
from tests.factories.actors import make_actor
from tests.factories.checkin import make_device, make_running_session
from tests.web.checkin.test_same_moment import at_once
from tests.web.registration.signing_up import hidden_fields, sign_in_staff


@pytest.fixture
def session(db_session: DbSession) -> Session:
    """A session under way."""
    return make_running_session(db_session, title={"sv": "Kafékväll"})


def code_of(app: Flask, db_session: DbSession, session: Session) -> str:
    key = app.extensions["settings"].card_key
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    secret = code_secret(key, renew_code(db_session, actor, session, key, utc_now()).id)
    db_session.commit()
    return secret


def mark(phone: FlaskClient, secret: str, adults: int, children: int = 0) -> str:
    page = phone.get(f"/h/{secret}", follow_redirects=True).get_data(as_text=True)
    answers = {**hidden_fields(page), "adults": str(adults), "children": str(children)}
    return phone.post(f"/en/here/{secret}", data=answers, follow_redirects=True).get_data(as_text=True)


def test_a_phone_counts_once_and_may_correct(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession
) -> None:
    secret = code_of(app, db_session, session)
    opened = client.get(f"/en/here/{secret}")
    assert opened.headers["Cache-Control"] == "no-store"
    db_session.rollback()
    assert people_in(db_session, session.id).total == 0, "looking counts nobody"
    for adults, children in ((2, 1), (2, 1), (1, 3), (2, 1), (2, 1)):
        assert "You are counted" in mark(client, secret, adults, children)
        db_session.rollback()
        assert people_in(db_session, session.id) == (adults, children)
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.self_marked, counts.total, counts.identified) == (3, 3, 0)
    kinds = db_session.scalars(sa.select(Scan.kind).order_by(Scan.received_at)).all()
    assert sorted(kinds) == sorted([ScanKind.SELF_MARKED] * 3 + [ScanKind.UNDO] * 2)
    mark(app.test_client(), secret, 4)
    db_session.rollback()
    assert people_in(db_session, session.id).total == 7


def test_nobody_is_no_answer(app: Flask, client: FlaskClient, session: Session, db_session: DbSession) -> None:
    secret = code_of(app, db_session, session)
    assert "Choose how many you are." in mark(client, secret, 0)
    fields = hidden_fields(client.get(f"/en/here/{secret}").get_data(as_text=True))
    assert client.post(f"/en/here/{secret}", data={**fields, "adults": "400"}).status_code == 422
    assert client.post(f"/en/here/{secret}", data={"adults": "2"}).status_code == 400
    db_session.rollback()
    assert people_in(db_session, session.id).total == 0


def test_a_full_session_counts_all_the_same(app: Flask, client: FlaskClient, db_session: DbSession) -> None:
    session = make_running_session(db_session, capacity=2)
    mark(client, code_of(app, db_session, session), 3)
    db_session.rollback()
    assert people_in(db_session, session.id).total == 3


def test_a_dead_code_tells_nothing(app: Flask, client: FlaskClient, session: Session, db_session: DbSession) -> None:
    old = code_of(app, db_session, session)
    fields = hidden_fields(client.get(f"/en/here/{old}").get_data(as_text=True))
    new = code_of(app, db_session, session)
    assert client.get(f"/en/here/{new}").status_code == 200
    for secret in (old, "NOBODY"):
        for answer in (
            client.get(f"/en/here/{secret}"),
            client.post(f"/en/here/{secret}", data={**fields, "adults": "2"}),
            client.get(f"/en/here/{secret}/thanks"),
        ):
            assert answer.status_code == 404
            assert "Kafékväll" not in answer.get_data(as_text=True)
    assert people_in(db_session, session.id).total == 0
    assert db_session.scalars(sa.select(SelfCheckInCode.secret_digest)).all() != [digest(new)]
    assert not db_session.scalars(sa.select(SelfCheckInCode).where(SelfCheckInCode.secret_digest == new)).all()


@pytest.mark.parametrize(("begins", "works"), [(-59, True), (-61, False), (119, True), (121, False)])
def test_from_an_hour_before_until_the_end(
    app: Flask, client: FlaskClient, db_session: DbSession, begins: int, works: bool
) -> None:
    session = make_running_session(db_session, starts_at=utc_now() - timedelta(minutes=begins))
    secret = code_of(app, db_session, session)
    assert (client.get(f"/sv/here/{secret}").status_code == 200) is works


def test_none_for_sensitive_sessions(app: Flask, client: FlaskClient, session: Session, db_session: DbSession) -> None:
    secret = code_of(app, db_session, session)
    session.sensitive = True
    db_session.commit()
    assert client.get(f"/en/here/{secret}").status_code == 404
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    address = f"/en/staff/sessions/{session.key}/self-check-in"
    page = client.get(address).get_data(as_text=True)
    assert "Nobody marks themselves here." in page
    assert secret not in page
    assert client.get(f"{address}.pdf").status_code == 404


def test_the_organisers_page_and_its_poster(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    sign_in_staff(client, db_session, Role.ORGANISER, session.activity.organisation_id)
    address = f"/en/staff/sessions/{session.key}/self-check-in"
    assert client.get(f"{address}.pdf").status_code == 404
    for _ in range(2):
        client.post(address, data=hidden_fields(client.get(address).get_data(as_text=True)))
    living = sa.select(sa.func.count()).where(SelfCheckInCode.revoked_at.is_(None))
    assert db_session.scalar(living) == 1
    for size in ("a4", "a3"):
        assert client.get(f"{address}.pdf?size={size}").data.startswith(b"%PDF")
    assert client.get(f"{address}.pdf?size=a2").status_code == 404
    client.post(address, data={**hidden_fields(client.get(address).get_data(as_text=True)), "withdraw": "yes"})
    assert db_session.scalar(living) == 0
    other = make_running_session(db_session, activity=make_activity(db_session))
    assert client.get(f"/en/staff/sessions/{other.key}/self-check-in").status_code == 403


def test_many_phones_and_one_phone_twice_at_the_same_moment(
    app: Flask, session: Session, db_session: DbSession
) -> None:
    secret = code_of(app, db_session, session)
    phones = [app.test_client() for _ in range(3)]
    forms = [hidden_fields(each.get(f"/en/here/{secret}").get_data(as_text=True)) for each in phones]
    cookie = phones[0].get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    twin = app.test_client()
    twin.set_cookie(cookie.key, cookie.value)
    sent = [*zip(phones, forms, strict=True), (twin, forms[0])]
    post = [lambda p=p, f=f: p.post(f"/en/here/{secret}", data={**f, "adults": "2"}).status_code for p, f in sent]
    assert at_once(*post) == [303] * 4
    db_session.rollback()
    assert people_in(db_session, session.id).total == 6


def test_the_door_takes_no_self_marked_scans(client: FlaskClient, session: Session, db_session: DbSession) -> None:
    make_device(db_session, session, "T")
    db_session.commit()
    for kind in ("self_marked", "listed"):
        line = {"id": "00000000-0000-4000-8000-000000000001", "kind": kind, "adults": 3}
        sent = client.post("/api/v1/door/scans", json=[line], headers={"Authorization": "Bearer T"})
        assert "malformed" in sent.get_data(as_text=True)


def test_a_flood_from_one_network_is_told_to_wait(
    app: Flask, client: FlaskClient, session: Session, db_session: DbSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limited to two here; a hall full of families behind one Wi-Fi stays far below the real limit."""
    secret = code_of(app, db_session, session)
    assert SELF_CHECK_INS_PER_NETWORK.count >= 200
    monkeypatch.setattr(here, "SELF_CHECK_INS_PER_NETWORK", replace(SELF_CHECK_INS_PER_NETWORK, count=2))
    for _family in range(2):
        assert "You are counted" in mark(app.test_client(), secret, 1)
    assert "You are counted" not in mark(app.test_client(), secret, 1)
    db_session.rollback()
    assert people_in(db_session, session.id).total == 2
