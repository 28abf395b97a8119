"""Limits on how often something may be tried, kept in a table so that every worker sees the same count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

import sqlalchemy as sa

from integration.kernel.database import DbSession, insert_into
from integration.kernel.errors import Refusal
from integration.kernel.models import Attempt
from integration.kernel.tokens import derived_bytes, digest

_INSIDE = tuple(
    ip_network(block)
    for block in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10")
)
"""Addresses of one house: this machine itself, or a proxy that the settings do not name. They tell nobody apart."""


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
    statement = insert_into(connection, Attempt).values(
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


def network_digest(key: str, address: str | None, now: datetime) -> str | None:
    """A keyed digest of whom an address stands for, another one each day (UTC); None where that says nothing.

    Who has the digest but not the key learns the address neither from it nor by trying all addresses (RFC 2104).
    """
    network = network_of(address)
    if network == "unknown" or any(ip_address(network.partition("/")[0]) in block for block in _INSIDE):
        return None
    return derived_bytes(key, "network", now.astimezone(UTC).date().isoformat(), network).hex()


def forget_old_attempts(db_session: DbSession, now: datetime) -> None:
    """Drop the windows that began more than a day ago: no limit looks back further."""
    db_session.execute(sa.delete(Attempt).where(Attempt.window_starts_at < now - timedelta(days=1)))
