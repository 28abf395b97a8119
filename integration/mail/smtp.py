"""The way to a mail server (RFC 5321), with the standard library. Nothing here is logged: replies repeat addresses."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from integration.mail.errors import PermanentlyRefused, ServerAway, TryLater

PATIENCE_SECONDS = 20
PERMANENT = 500


@dataclass(frozen=True)
class MailServer:
    """Where a mail server is and how it is spoken to."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read ``smtp://user:password@host:port``, ``smtps://...`` or ``smtp://...?starttls``."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        starttls = "starttls" in parse_qs(parts.query, keep_blank_values=True)
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=starttls and not tls,
        )


class Connection:
    """One conversation with the mail server; several messages use it one after the other."""

    def __init__(self, server: MailServer, our_name: str) -> None:
        """Greet and sign in; raises ServerAway."""
        try:
            self._smtp = _connected(server, our_name)
        except (OSError, smtplib.SMTPException):
            raise ServerAway from None

    def __enter__(self) -> Connection:
        """Use it and hang up."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Say goodbye; whoever has hung up already needs none."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def send(self, email: EmailMessage) -> None:
        """Hand one message over; raises PermanentlyRefused, TryLater, or ServerAway when the line went dead."""
        try:
            self._smtp.send_message(email)
        except smtplib.SMTPRecipientsRefused as refused:
            _raise_for(max(code for code, _reply in refused.recipients.values()))
        except smtplib.SMTPNotSupportedError:
            raise PermanentlyRefused from None
        except smtplib.SMTPSenderRefused as refused:
            raise TryLater(refused.smtp_code) from None
        except smtplib.SMTPResponseException as refused:
            _raise_for(refused.smtp_code)
        except (OSError, smtplib.SMTPException):
            raise TryLater(0) from None


def _connected(server: MailServer, our_name: str) -> smtplib.SMTP:
    secured = ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.tls:
        smtp = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=our_name, timeout=PATIENCE_SECONDS, context=secured
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=our_name, timeout=PATIENCE_SECONDS)
    try:
        if server.starttls:
            smtp.starttls(context=secured)
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _raise_for(code: int) -> None:
    if code >= PERMANENT:
        raise PermanentlyRefused from None
    raise TryLater(code) from None
