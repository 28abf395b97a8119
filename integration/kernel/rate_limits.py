"""Limits on how often something may be tried, kept in a table so that every worker sees the same count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integration.kernel.database import DbSession
from integration.kernel.errors import Refusal
from integration.kernel.models import Attempt
from integration.kernel.tokens import digest


class TooManyAttempts(Refusal):
    """The limit is reached; ``retry_after`` says in how many seconds the window ends (RFC 6585, section 4)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most ``count`` attempts for one purpose and subject in each window."""

    purpose: str
    count: int
    window: timedelta


def count_attempt(connection: sa.Connection, limit: Limit, subject: str, now: datetime) -> None:
    """Record one attempt by ``subject`` (stored as a digest); raise TooManyAttempts above the limit."""
    seconds = int(limit.window.total_seconds())
    starts_at = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Attempt).values(
        purpose=limit.purpose, subject=digest(subject), window_starts_at=starts_at, count=1
    )
    counted = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["purpose", "subject", "window_starts_at"], set_={"count": Attempt.count + 1}
        ).returning(Attempt.count)
    ).scalar_one()
    if counted > limit.count:
        raise TooManyAttempts(int((starts_at + limit.window - now).total_seconds()) + 1)


def network_of(address: str | None) -> str:
    """Whom an address stands for: itself, or with IPv6 the /64 in which one machine may have any address (RFC 4291)."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


def forget_old_attempts(db_session: DbSession, now: datetime) -> None:
    """Drop the windows that began more than a day ago: no limit looks back further."""
    db_session.execute(sa.delete(Attempt).where(Attempt.window_starts_at < now - timedelta(days=1)))
