"""The way to an SMS gateway over HTTP, as docs/sms.md describes it. Nothing here is logged: it is about phones.

A gateway cannot be asked whether it took a message. So what happens before the request leaves is told apart from
what happens after it: the first may be tried again, the second never is.
"""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from integration.mail.errors import Doubtful, PermanentlyRefused, ServerAway, TryLater

PATIENCE_SECONDS = 20
TAKEN = frozenset({200, 201, 202, 409})
"""Accepted; 409: this key had been accepted before (RFC 9110 15.5.10)."""
NOT_US = frozenset({401, 402, 403, 404, 405})
"""It does not let us in, nobody has paid, or the address is wrong: no message is to blame."""
NEVER = frozenset({400, 413, 422})
LATER = 429


@dataclass(frozen=True)
class Outgoing:
    """One SMS: to whom (E.164), what, and the key under which it is sent at most once."""

    to: str
    text: str
    key: str


@dataclass(frozen=True)
class SmsGateway:
    """Where a gateway is and what it knows us by."""

    host: str
    port: int
    path: str
    token: str
    sender: str
    tls: bool

    @classmethod
    def from_url(cls, url: str) -> SmsGateway:
        """Read ``https://:token@host:port/path?from=Delaktig``."""
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (443 if tls else 80),
            path=parts.path or "/",
            token=unquote(parts.password or ""),
            sender="".join(parse_qs(parts.query).get("from", [])[:1]),
            tls=tls,
        )

    def send(self, sms: Outgoing) -> None:
        """Hand one SMS over, once.

        Raises ServerAway or TryLater when it surely was not taken, PermanentlyRefused when it never will be, and
        Doubtful when the request had left and nobody said what became of it.
        """
        connection = self._connected()
        try:
            status = self._answer(connection, sms)
        except (OSError, http.client.HTTPException):
            raise Doubtful from None
        finally:
            connection.close()
        _require_taken(status)

    def _connected(self) -> http.client.HTTPConnection:
        """A line to the gateway, before anything is said; raises ServerAway."""
        connection: http.client.HTTPConnection
        if self.tls:
            connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise ServerAway from None
        return connection

    def _answer(self, connection: http.client.HTTPConnection, sms: Outgoing) -> int:
        body = {"to": sms.to, "text": sms.text, **({"from": self.sender} if self.sender else {})}
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": sms.key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request("POST", self.path, json.dumps(body, ensure_ascii=False).encode(), headers)
        return connection.getresponse().status


def _require_taken(status: int) -> None:
    if status in TAKEN:
        return
    if status in NOT_US:
        raise ServerAway
    if status in NEVER:
        raise PermanentlyRefused
    if status == LATER:
        raise TryLater(status)
    raise Doubtful
