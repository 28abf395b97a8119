"""What staff do in these tests: sign in through the page, as their browser would."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration.accounts.models import Account
from integration.accounts.rules import Role
from integration.accounts.services import create_account
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession

EMAIL, PASSWORD = "maria@staff.example", "correct horse battery"
SIGN_IN = "/en/sign-in"


def make_account(
    db_session: DbSession, role: Role = Role.COORDINATOR, organisation_id: int | None = None, email: str = EMAIL
) -> Account:
    """An account with one role."""
    return create_account(db_session, email, PASSWORD, [(role, organisation_id)], language="en", now=utc_now())


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Open the page, type and send."""
    answers = {"csrf_token": csrf_token(client), "email": email, "password": password, **more}
    return client.post(SIGN_IN, data=answers)


def sign_out(client: FlaskClient) -> TestResponse:
    """Press the button in the footer."""
    return client.post("/en/sign-out", data={"csrf_token": csrf_token(client)})


def csrf_token(client: FlaskClient) -> str:
    """The token in the page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(SIGN_IN).text)
    assert found
    return found[1]
