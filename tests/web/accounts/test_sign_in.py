"""Signing in and out: the cookie, the table behind it, limits that all workers share, and what nobody learns."""

from __future__ import annotations

import logging
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from integration.accounts.models import Account, SignIn
from integration.accounts.rules import SIGN_IN_PER_ADDRESS, SIGN_IN_PER_NETWORK, Role
from integration.audit.models import AuditEntry
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.models import Attempt
from integration.kernel.rate_limits import count_attempt
from integration.kernel.tokens import digest
from tests.fixtures.servers import Server
from tests.web.accounts.signing_in import EMAIL, PASSWORD, SIGN_IN, make_account, sign_in, sign_out

HOME = "/en/staff/"
WRONG = "The e-mail or the password is not right."


def test_signing_in_opens_the_staff_pages(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    assert client.get(HOME).location == f"/en/sign-in?onward={HOME}"
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, HOME)
    assert client.get(HOME).status_code == 200


def test_the_address_is_read_as_people_type_it(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    assert sign_in(client, email="  MARIA@Staff.Example ").status_code == 302


def test_after_signing_in_one_goes_on(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    assert sign_in(client, onward="/en/staff/activities?page=2").location == "/en/staff/activities?page=2"


def test_it_leads_nowhere_else(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    assert sign_in(client, onward="//evil.example/").location == HOME


def test_wrong_unknown_and_closed_look_the_same(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    make_account(db_session, email="closed@staff.example").active = False
    answers = [
        sign_in(client, password="wrong horse battery"),
        sign_in(client, email="nobody@staff.example"),
        sign_in(client, email="closed@staff.example"),
    ]
    assert [each.status_code for each in answers] == [422, 422, 422]
    bodies = {re.sub(r'value="[^"]*"', "", each.text) for each in answers}
    assert len(bodies) == 1
    assert WRONG in bodies.pop()
    assert db_session.scalar(sa.select(sa.func.count()).select_from(SignIn)) == 0


def test_an_unknown_address_takes_as_long(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)

    def seconds(email: str) -> float:
        times = []
        for _attempt in range(2):
            began = time.perf_counter()
            sign_in(client, email=email, password="wrong horse battery")
            times.append(time.perf_counter() - began)
        return min(times)

    assert seconds("nobody@staff.example") > seconds(EMAIL) / 2


def test_hostile_addresses_are_told_to_try_again(client: FlaskClient, db_session: DbSession) -> None:
    for email in ("", "a" * 10_000, "\0", "' OR 1=1 --", "\u202emaria@staff.example", "{{7*7}}", "<script>"):
        answer = sign_in(client, email=email)
        assert answer.status_code == 422
        assert ("{{7*7}}" in answer.text) == (email == "{{7*7}}")
        assert "<script>" not in answer.text
    assert sign_in(client, password="x" * 10_000).status_code == 422


def test_the_password_is_stored_as_argon2id(db_session: DbSession) -> None:
    account = make_account(db_session)
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in account.password_hash


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "; HttpOnly" in cookie
    assert "; SameSite=Lax" in cookie
    assert "; Path=/" in cookie
    assert "Expires" not in cookie
    assert "Domain" not in cookie


def test_the_cookie_travels_encrypted_only(make_app: Callable[..., Flask], db_session: DbSession) -> None:
    app = make_app(base_url="https://delaktig.test")
    cookie = app.test_client().get(SIGN_IN, base_url="https://delaktig.test").headers["Set-Cookie"]
    assert cookie.startswith("__Host-delaktig=")
    assert "; Secure" in cookie


def test_the_database_holds_no_token(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    sign_in(client)
    with client.session_transaction() as cookie:
        token = cookie["sign_in"]
    kept = db_session.scalars(sa.select(SignIn.digest)).all()
    assert kept == [digest(token)]
    assert len(token) == 32


def test_a_token_dies_when_its_browser_signs_out(
    client: FlaskClient, new_client: Callable[[], FlaskClient], db_session: DbSession
) -> None:
    make_account(db_session)
    sign_in(client)
    thief = new_client()
    with client.session_transaction() as cookie, thief.session_transaction() as stolen:
        stolen.update(cookie)
    assert thief.get(HOME).status_code == 200
    sign_out(client)
    assert thief.get(HOME).status_code == 302
    assert client.get(HOME).status_code == 302


def test_signing_in_again_ends_the_first_sign_in(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    sign_in(client)
    first = db_session.scalars(sa.select(SignIn.digest)).one()
    sign_in(client)
    assert db_session.scalars(sa.select(SignIn.digest)).one() != first


def test_a_sign_in_ends_by_itself_and_with_its_account(client: FlaskClient, db_session: DbSession) -> None:
    account = make_account(db_session)
    sign_in(client)
    db_session.get_one(Account, account.id).active = False
    assert client.get(HOME).status_code == 302
    db_session.get_one(Account, account.id).active = True
    assert client.get(HOME).status_code == 200
    db_session.scalars(sa.select(SignIn)).one().expires_at = utc_now()
    assert client.get(HOME).status_code == 302


def test_an_invented_cookie_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("delaktig", "eyJzaWduX2luIjoiQUFBQSJ9.ZZZZZZ.invented")
    assert client.get(HOME).status_code == 302


def test_attempts_are_limited_and_all_workers_count_together(
    client: FlaskClient, db_session: DbSession, make_app: Callable[..., Flask]
) -> None:
    make_account(db_session)
    for _attempt in range(9):
        count_attempt(db_session.connection(), SIGN_IN_PER_ADDRESS, EMAIL, utc_now())
    assert sign_in(client, password="wrong horse battery").status_code == 422
    other_worker = make_app().test_client()
    for browser in (client, other_worker):
        answer = sign_in(browser)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
        assert "Too many attempts" in answer.text
    assert sign_in(client, email="other@staff.example").status_code == 422
    kept = db_session.scalars(sa.select(Attempt.subject)).all()
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in kept)


def test_attempts_are_limited_by_network_too(client: FlaskClient, db_session: DbSession) -> None:
    for _attempt in range(60):
        count_attempt(db_session.connection(), SIGN_IN_PER_NETWORK, "127.0.0.1", utc_now())
    assert sign_in(client).status_code == 429


def test_the_limit_holds_at_the_running_server(server: Callable[..., Server], db_session: DbSession) -> None:
    make_account(db_session)
    for _attempt in range(8):
        count_attempt(db_session.connection(), SIGN_IN_PER_ADDRESS, EMAIL, utc_now())
    db_session.commit()
    running = server()
    statuses = [_post_wrong_password(running.url) for _attempt in range(5)]
    assert statuses == [422] * 2 + [429] * 3
    log = running.log.read_text()
    assert EMAIL not in log
    assert "wrong horse" not in log


def test_nothing_secret_is_logged(client: FlaskClient, db_session: DbSession, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    make_account(db_session)
    sign_in(client, password="wrong horse battery")
    sign_in(client)
    sign_out(client)
    for secret in (EMAIL, PASSWORD, "wrong horse"):
        assert secret not in caplog.text


def test_signing_in_and_out_is_on_record_by_id(client: FlaskClient, db_session: DbSession) -> None:
    account = make_account(db_session)
    sign_in(client)
    sign_out(client)
    entries = db_session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    actions = [(each.action, each.subject_id) for each in entries]
    number = str(account.id)
    assert actions == [
        ("accounts.account_created", number),
        ("accounts.signed_in", number),
        ("accounts.signed_out", number),
    ]
    assert all(EMAIL not in str(each.facts) for each in entries)


def test_a_form_without_its_token_signs_nobody_in(client: FlaskClient, db_session: DbSession) -> None:
    make_account(db_session)
    assert client.post(SIGN_IN, data={"email": EMAIL, "password": PASSWORD}).status_code == 400
    assert client.get(HOME).status_code == 302


def test_every_role_reaches_its_own_home(client: FlaskClient, db_session: DbSession) -> None:
    for role in Role:
        make_account(db_session, role, email=f"{role}@staff.example")
        sign_in(client, email=f"{role}@staff.example")
        assert client.get(HOME).status_code == 200, role


def _post_wrong_password(url: str) -> int:
    """One attempt in a browser of its own."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with opener.open(url + SIGN_IN) as answer:
        page = answer.read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    answers = {"csrf_token": token[1], "email": EMAIL, "password": "wrong horse battery"}
    try:
        with opener.open(url + SIGN_IN, urllib.parse.urlencode(answers).encode()) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return int(refusal.code)
