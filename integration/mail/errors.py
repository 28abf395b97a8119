"""Why a message is not sent."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class Outdated(Refusal):
    """What the message would say is no longer true; another one says what is."""


class PermanentlyRefused(Refusal):
    """The mail server will never take this message (RFC 5321 4.2.1: a reply that begins with 5)."""


class TryLater(Refusal):
    """The mail server does not take this message now; ``code`` is its reply, 0 when the connection broke."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ServerAway(Refusal):
    """No mail server answers, or it does not let us in: no message is to blame."""
