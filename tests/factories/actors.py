"""Staff for tests: as services see them, and as a browser that is signed in."""

from __future__ import annotations

from itertools import count

from flask.testing import FlaskClient

from integration.accounts.rules import Actor, Role
from integration.accounts.services import create_account, sign_in
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession

_numbers = count(1)


def make_actor(role: Role = Role.COORDINATOR, organisation_id: int | None = None) -> Actor:
    """Somebody with one role, in one organisation or (None) in all."""
    return Actor(account_id=next(_numbers), roles=((role, organisation_id),))


def sign_in_as(
    client: FlaskClient, db_session: DbSession, role: Role = Role.COORDINATOR, organisation_id: int | None = None
) -> None:
    """Let this browser be signed in with one role."""
    email, password = f"staff{next(_numbers)}@example.com", "a long enough password"
    create_account(db_session, email, password, [(role, organisation_id)], language="sv", now=utc_now())
    token = sign_in(db_session, email, password, now=utc_now())
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
