"""What wiring tells the outbox: who writes which message, who knows whose address, who writes calendars' parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from integration.mail.letters import CalendarWriter, Composer, Recipient, ShortComposer
from integration.mail.sms import SmsGateway
from integration.mail.smtp import MailServer
from integration.web.application import part


@dataclass(frozen=True)
class PostOffice:
    """Everything that sending needs; ``server`` and ``gateway`` are None where none is set, and messages wait."""

    composers: Mapping[str, Composer]
    short_composers: Mapping[str, ShortComposer]
    recipients: Mapping[str, Recipient]
    phones: Mapping[str, Recipient]
    calendar: CalendarWriter
    server: MailServer | None
    gateway: SmsGateway | None
    sender: str


def post_office() -> PostOffice:
    """The post office of the application at hand."""
    found: PostOffice = part("post_office")
    return found
