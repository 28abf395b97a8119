"""Letters: what a message says, as an e-mail of two forms, the code in it as a picture, an invitation beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from integration.i18n.languages import language
from integration.kernel.database import DbSession
from integration.mail.rules import one_line
from integration.mail.short_messages import ShortMessage
from integration.web.application import rendered

QR_CID = "card@delaktig"
PLAIN, DRAWN = "mail/letter.txt", "mail/letter.html"


@dataclass(frozen=True)
class Order:
    """A message that is to be written and sent now."""

    id: int
    kind: str
    recipient_kind: str
    recipient_id: int
    language: str
    facts: dict[str, Any]
    message_id: str
    attempts: int
    created_at: datetime
    now: datetime


@dataclass(frozen=True)
class Link:
    """An address with its words."""

    words: str
    url: str


@dataclass(frozen=True)
class Plate:
    """The card: its QR as a PNG and the code to say."""

    png: bytes
    code: str
    caption: str


@dataclass(frozen=True)
class Visit:
    """What, when, where and for whom; ``gone`` when it will not be so."""

    title: str
    when: str
    lines: tuple[str, ...]
    online: Link | None = None
    gone: bool = False


@dataclass(frozen=True)
class CalendarPart:
    """A change for the reader's calendar (RFC 5546): REQUEST writes the session into it, CANCEL takes it out."""

    method: str
    session_id: int


@dataclass(frozen=True)
class Letter:
    """Everything that a message says, in the reader's language."""

    subject: str
    heading: str
    visit: Visit | None = None
    opening: tuple[str, ...] = ()
    plate: Plate | None = None
    button: Link | None = None
    ask: str = ""
    cancel: Link | None = None
    closing: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    calendar: CalendarPart | None = None


@dataclass(frozen=True)
class Invitation:
    """The text of a calendar part, ready to be sent."""

    method: str
    text: str


Composer = Callable[[DbSession, Order], Letter]
"""Writes a letter from rows as they are now; raises Outdated when there is nothing left to say."""
ShortComposer = Callable[[DbSession, Order], ShortMessage]
"""The same for an SMS."""
Recipient = Callable[[DbSession, int], str | None]
"""The present address of a recipient; None when there is none."""


@dataclass(frozen=True)
class CalendarOrder:
    """What the calendar feature needs to know to write a part: who invites whom, to what, since when."""

    part: CalendarPart
    organiser: str
    attendee: str
    language: str
    at: datetime


CalendarWriter = Callable[[DbSession, CalendarOrder], str]


def as_email(letter: Letter, order: Order, *, sender: str, address: str, invitation: Invitation | None) -> EmailMessage:
    """The e-mail; the library refuses a header with a line break, and ours hold none.

    Date and Message-ID belong to the fact, so that a repeat is the same e-mail and not a second one.
    """
    email = EmailMessage(policy=SMTP)
    email["From"] = Address("Delaktig", addr_spec=sender)
    email["To"] = Address(addr_spec=_sendable(address))
    email["Subject"] = one_line(letter.subject)
    email["Date"] = order.created_at
    email["Message-ID"] = order.message_id
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(_rendered(PLAIN, letter, order))
    email.add_alternative(_rendered(DRAWN, letter, order), subtype="html")
    if letter.plate:
        html: Any = email.get_payload(1)
        html.add_related(
            letter.plate.png, "image", "png", cid=f"<{QR_CID}>", disposition="inline", filename="delaktig.png"
        )
    if invitation:
        params = {"method": invitation.method}
        email.add_alternative(invitation.text, subtype="calendar", cte="base64", params=params)
    email["Content-Language"] = order.language
    return email


def _sendable(address: str) -> str:
    """The address with its domain as the name system knows it (IDNA); its first half stays as it is."""
    local, _at, domain = one_line(address).rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _rendered(template: str, letter: Letter, order: Order) -> str:
    """One form of the letter."""
    return rendered(template, letter=letter, language=language(order.language), qr_cid=QR_CID)
