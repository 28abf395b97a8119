"""Staff for tests: as services see them, and as a browser that is signed in."""

from __future__ import annotations

from itertools import count

from flask.testing import FlaskClient

from integration.accounts.models import Account, AccountRole, SignIn
from integration.accounts.rules import SIGN_IN_LASTS, Actor, Role
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest, random_token

_numbers = count(1)


def make_actor(role: Role = Role.COORDINATOR, organisation_id: int | None = None) -> Actor:
    """Somebody with one role, in one organisation or (None) in all."""
    return Actor(account_id=next(_numbers), roles=((role, organisation_id),))


def sign_in_as(
    client: FlaskClient, db_session: DbSession, role: Role = Role.COORDINATOR, organisation_id: int | None = None
) -> None:
    """Let this browser be signed in with one role, without the slow work of a password."""
    account = Account(
        email=f"staff{next(_numbers)}@example.com", password_hash="-", language="sv", active=True, created_at=utc_now()
    )
    account.roles = [AccountRole(role=role, organisation_id=organisation_id)]
    db_session.add(account)
    db_session.flush()
    token, now = random_token(), utc_now()
    db_session.add(SignIn(digest=digest(token), account_id=account.id, created_at=now, expires_at=now + SIGN_IN_LASTS))
    with client.session_transaction() as cookie:
        cookie["sign_in"] = token
