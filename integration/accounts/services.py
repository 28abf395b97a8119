"""Verbs of accounts: sign in, sign out, make an account."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from integration.accounts.errors import AccountExists, NoSuchAccount, PasswordTooShort, WrongCredentials
from integration.accounts.models import Account, AccountRole, SignIn
from integration.accounts.rules import SHORTEST_PASSWORD, SIGN_IN_LASTS, Role
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest, random_token

_hasher = PasswordHasher()
"""argon2id with the library's defaults, which follow RFC 9106."""
_NOBODY = _hasher.hash("nobody has this password")
"""Verified for unknown addresses, so that the time taken tells nothing."""


def create_account(
    db_session: DbSession,
    email: str,
    password: str,
    roles: list[tuple[Role, int | None]],
    *,
    language: str,
    now: datetime,
) -> Account:
    """Make an account with these roles, each in one organisation or (None) in all.

    Raise AccountExists or PasswordTooShort.
    """
    _check_length(password)
    if _account(db_session, email) is not None:
        raise AccountExists
    account = Account(
        email=_plain(email),
        password_hash=_hasher.hash(password),
        language=language,
        active=True,
        created_at=now,
    )
    account.roles = [AccountRole(role=role, organisation_id=organisation_id) for role, organisation_id in roles]
    db_session.add(account)
    db_session.flush()
    record(db_session, Audited.ACCOUNT_CREATED, "account", account.id, account_id=None, now=now)
    return account


def change_password(db_session: DbSession, email: str, password: str, *, now: datetime) -> None:
    """Give an account another password and sign it out everywhere; raise NoSuchAccount or PasswordTooShort."""
    _check_length(password)
    account = _account(db_session, email)
    if account is None:
        raise NoSuchAccount
    account.password_hash = _hasher.hash(password)
    _sign_out_everywhere(db_session, account, Audited.PASSWORD_CHANGED, now)


def close_account(db_session: DbSession, email: str, *, now: datetime) -> None:
    """Let nobody sign in with this account any more and sign it out everywhere; raise NoSuchAccount."""
    account = _account(db_session, email)
    if account is None:
        raise NoSuchAccount
    account.active = False
    _sign_out_everywhere(db_session, account, Audited.ACCOUNT_CLOSED, now)


def sign_in(db_session: DbSession, email: str, password: str, *, now: datetime) -> str:
    """Verify the password and return a new token for the cookie; raise WrongCredentials."""
    account = _account(db_session, email)
    if not _matches(account.password_hash if account else _NOBODY, password) or account is None or not account.active:
        raise WrongCredentials
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    token = random_token()
    db_session.add(SignIn(digest=digest(token), account_id=account.id, created_at=now, expires_at=now + SIGN_IN_LASTS))
    record(db_session, Audited.SIGNED_IN, "account", account.id, account_id=account.id, now=now)
    return token


def sign_out(db_session: DbSession, token: str, *, now: datetime) -> None:
    """End the sign-in with this token; an unknown one is already ended."""
    found = db_session.get(SignIn, digest(token))
    if found is not None:
        record(db_session, Audited.SIGNED_OUT, "account", found.account_id, account_id=found.account_id, now=now)
        db_session.delete(found)


def forget_old_sign_ins(db_session: DbSession, now: datetime) -> None:
    """Drop the sign-ins that have run out."""
    db_session.execute(sa.delete(SignIn).where(SignIn.expires_at <= now))


def _account(db_session: DbSession, email: str) -> Account | None:
    return db_session.scalar(sa.select(Account).where(Account.email == _plain(email)))


def _plain(email: str) -> str:
    """An address as it is stored and looked for."""
    return email.replace("\0", "").strip().lower()


def _check_length(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(SHORTEST_PASSWORD)


def _sign_out_everywhere(db_session: DbSession, account: Account, action: Audited, now: datetime) -> None:
    db_session.execute(sa.delete(SignIn).where(SignIn.account_id == account.id))
    record(db_session, action, "account", account.id, account_id=None, now=now)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
