"""Why a message is not sent."""

from __future__ import annotations

from integration.kernel.errors import Refusal


class Outdated(Refusal):
    """What the message would say is no longer true; another one says what is."""


class PermanentlyRefused(Refusal):
    """Its server or gateway will never take this message (RFC 5321 4.2.1: a reply that begins with 5)."""


class TryLater(Refusal):
    """It was not taken now; ``code`` is the server's or gateway's reply, 0 when the connection broke."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Doubtful(Refusal):
    """The gateway had the message and did not say whether it took it: a second sending could be a second SMS."""


class ServerAway(Refusal):
    """No server or gateway answers, or it does not let us in: no message is to blame, and none has left."""


class NothingToResend(Refusal):
    """There is no such message, or it was sent, waits, or was dropped."""
