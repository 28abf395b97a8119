"""Reading accounts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.accounts.models import Account, SignIn
from integration.accounts.rules import Actor
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest


def signed_in_actor(db_session: DbSession, token: str, now: datetime) -> Actor | None:
    """The actor whose browser holds this token, unless it has run out or the account is closed."""
    account = db_session.scalar(
        sa.select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.digest == digest(token), SignIn.expires_at > now, Account.active)
    )
    if account is None:
        return None
    roles = tuple((each.role, each.organisation_id) for each in account.roles)
    return Actor(account_id=account.id, roles=roles, email=account.email)
