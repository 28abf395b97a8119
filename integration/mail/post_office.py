"""What wiring tells the outbox: who writes which message, who knows whose address, who writes calendars' parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from integration.mail.letters import CalendarWriter, Composer, Recipient
from integration.mail.smtp import MailServer


@dataclass(frozen=True)
class PostOffice:
    """Everything that sending needs; ``server`` is None where none is set, and messages wait."""

    composers: Mapping[str, Composer]
    recipients: Mapping[str, Recipient]
    calendar: CalendarWriter
    server: MailServer | None
    sender: str


def init_app(
    app: Flask, composers: Mapping[str, Composer], recipients: Mapping[str, Recipient], calendar: CalendarWriter
) -> None:
    """Open the post office of this application."""
    settings = app.extensions["settings"]
    server = MailServer.from_url(settings.smtp_url) if settings.smtp_url else None
    app.extensions["post_office"] = PostOffice(composers, recipients, calendar, server, settings.contact_email)


def post_office() -> PostOffice:
    """The post office of the application at hand."""
    found: PostOffice = current_app.extensions["post_office"]
    return found
