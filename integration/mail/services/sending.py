"""Sending letters that are due: each message is claimed, written, sent and marked in steps of their own.

A claim commits before anything is sent, so no lock is held while a server thinks. A worker that dies between
sending and marking leaves a claim that runs out: the message goes once more, with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import sqlalchemy as sa

from integration.i18n.speaking import speaking
from integration.kernel.database import DbSession, reading, transaction
from integration.mail.errors import Outdated, PermanentlyRefused, ServerAway, TryLater
from integration.mail.letters import CalendarOrder, Invitation, Letter, Order, as_email
from integration.mail.models import Channel, DropReason, MessageState, OutboxMessage
from integration.mail.post_office import PostOffice, post_office
from integration.mail.rules import MOST_ATTEMPTS, ROUND_SECONDS
from integration.mail.services.claims import (
    Unreachable,
    anything_due,
    claim,
    due,
    log_without_words,
    put_off,
)
from integration.mail.services.claims import mark as _mark
from integration.mail.smtp import Connection
from integration.web.links import site_host

BROKEN_OFF = (0, 421)
"""No reply at all, or "service closing" (RFC 5321 4.2.2): the rest waits for the next round."""
log = logging.getLogger(__name__)


def send_due(now: datetime) -> None:
    """Send every letter that is due. Without a mail server nothing is touched: the messages wait in sight."""
    office = post_office()
    if office.server is None or not anything_due(Channel.EMAIL, now):
        return
    with transaction() as db_session:
        _give_up_forgotten(db_session, now)
    until = time.monotonic() + ROUND_SECONDS
    try:
        with Connection(office.server, site_host()) as connection:
            while time.monotonic() < until and _send_next(office, connection.send, now):
                pass
    except ServerAway:
        log.warning("the mail server does not answer: messages wait")


def _send_next(office: PostOffice, send: Callable[[EmailMessage], None], now: datetime) -> bool:
    """Claim and send one message; False when none is due. Raises ServerAway when the conversation broke off."""
    with transaction() as db_session:
        order = claim(db_session, now, due(Channel.EMAIL, now))
    if order is None:
        return False
    try:
        send(_written(office, order))
    except (Outdated, Unreachable) as reason:
        dropped = DropReason.OUTDATED if isinstance(reason, Outdated) else DropReason.UNREACHABLE
        _mark(order, state=MessageState.DROPPED, drop_reason=dropped)
    except PermanentlyRefused:
        _mark(order, state=MessageState.FAILED)
    except TryLater as refused:
        put_off(order, now)
        if refused.code in BROKEN_OFF:
            raise ServerAway from None
    except Exception as error:
        log_without_words(order, error)
        put_off(order, now)
    else:
        _mark(order, state=MessageState.SENT, sent_at=now)
    return True


def _give_up_forgotten(db_session: DbSession, now: datetime) -> None:
    """A message under which workers died as often as it may be tried is not tried again."""
    db_session.execute(
        sa.update(OutboxMessage)
        .where(
            due(Channel.EMAIL, now),
            OutboxMessage.state == MessageState.SENDING,
            OutboxMessage.attempts >= MOST_ATTEMPTS,
        )
        .values(state=MessageState.FAILED)
        .execution_options(synchronize_session=False)
    )


def _written(office: PostOffice, order: Order) -> EmailMessage:
    """The e-mail as the rows say now; the address is read here and nowhere kept."""
    with reading() as db_session, speaking(order.language):
        address = office.recipients[order.recipient_kind](db_session, order.recipient_id)
        if not address:
            raise Unreachable
        letter = office.composers[order.kind](db_session, order)
        invitation = _invitation(db_session, office, letter, order, address)
        return as_email(letter, order, sender=office.sender, address=address, invitation=invitation)


def _invitation(
    db_session: DbSession, office: PostOffice, letter: Letter, order: Order, address: str
) -> Invitation | None:
    if letter.calendar is None:
        return None
    wish = CalendarOrder(letter.calendar, office.sender, address, order.language, order.created_at)
    return Invitation(letter.calendar.method, office.calendar(db_session, wish))
