"""What people do in these tests: open a session's page, fill in the form, send it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration.accounts.rules import Role
from integration.accounts.services import create_account, sign_in
from integration.activities.models import Session
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db


def hidden_fields(page: str) -> dict[str, Any]:
    """The hidden fields of a page's forms, by name."""
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    return {_attribute(each, "name"): _attribute(each, "value") for each in inputs}


def open_form(client: FlaskClient, session: Session, language: str = "en") -> dict[str, Any]:
    """Open a session's page; returns the hidden fields of its form."""
    return hidden_fields(client.get(f"/{language}/sessions/{session.key}").get_data(as_text=True))


def send_form(client: FlaskClient, session: Session, language: str = "en", **answers: Any) -> TestResponse:
    """Send the form as it is given."""
    if "for_whom" in answers:
        answers["for"] = answers.pop("for_whom")
    return client.post(f"/{language}/sessions/{session.key}", data=answers)


def sign_up(client: FlaskClient, session: Session, language: str = "en", **answers: Any) -> TestResponse:
    """Open the page and sign Amina up with one adult more and a child, unless told otherwise."""
    usual = {"name": "Amina", "adults": 2, "children": 1}
    return send_form(client, session, language, **{**open_form(client, session, language), **usual, **answers})


def post(client: FlaskClient, address: str, page: str, **answers: Any) -> TestResponse:
    """Press a button of a page that was just opened."""
    return client.post(address, data={**hidden_fields(client.get(page).get_data(as_text=True)), **answers})


def secret_of(response: TestResponse) -> str:
    """The link secret in the address that a sign-up leads to."""
    found = re.search(r"/cards/([A-Z2-7]{26})\?registered=\d+#r\d+$", response.location or "")
    assert found, (response.status_code, response.location)
    return found[1]


def sign_in_staff(client: FlaskClient, db_session: DbSession, role: Role, organisation_id: int | None = None) -> int:
    """Let this browser be signed in with a role; returns the account's id."""
    email = f"{role}-{organisation_id}@example.com"
    account = create_account(
        db_session, email, "a long password", [(role, organisation_id)], language="sv", now=utc_now()
    )
    token = sign_in(db_session, email, "a long password", now=utc_now())
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
    return account.id


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that the application sends meanwhile (BEGIN, COMMIT and ROLLBACK are not among it)."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""
