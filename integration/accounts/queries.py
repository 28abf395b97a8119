"""Reading accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from integration.accounts.models import Account, AccountRole, SignIn
from integration.accounts.rules import Actor, Role
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


def accounts_with(db_session: DbSession, role: Role) -> list[Account]:
    """The accounts that hold a role somewhere and may sign in, the oldest first."""
    holders = sa.select(AccountRole.account_id).where(AccountRole.role == role)
    return list(
        db_session.scalars(sa.select(Account).where(Account.active, Account.id.in_(holders)).order_by(Account.id))
    )


def account_address(db_session: DbSession, account_id: int) -> str | None:
    """Where an account is written to; None when it is gone or closed."""
    return db_session.scalar(sa.select(Account.email).where(Account.id == account_id, Account.active))


def account_names(db_session: DbSession, ids: Collection[int]) -> dict[int, str]:
    """The addresses by which these members of staff sign in."""
    rows = db_session.execute(sa.select(Account.id, Account.email).where(Account.id.in_(list(ids))))
    return {each.id: each.email for each in rows}
