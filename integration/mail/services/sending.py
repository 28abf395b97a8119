"""Sending what is due: each message is claimed, written, sent and marked in steps of their own.

A claim commits before anything is sent, so no lock is held while a server thinks. A worker that dies between
sending and marking leaves a claim that runs out: the message goes once more, with the same Message-ID.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import sqlalchemy as sa

from integration.i18n.speaking import speaking
from integration.kernel.database import DbSession, reading, transaction
from integration.mail.errors import Outdated, PermanentlyRefused, ServerAway, TryLater
from integration.mail.letters import CalendarOrder, Invitation, Letter, Order, as_email
from integration.mail.models import DropReason, MessageState, OutboxMessage
from integration.mail.post_office import PostOffice, post_office
from integration.mail.rules import LEASE, MOST_ATTEMPTS, next_attempt_at
from integration.mail.smtp import Connection
from integration.web.links import site_host

BROKEN_OFF = (0, 421)
"""No reply at all, or "service closing" (RFC 5321 4.2.2): the rest waits for the next round."""
log = logging.getLogger(__name__)
COLUMNS = tuple(
    getattr(OutboxMessage, name)
    for name in (
        *("id", "kind", "recipient_kind", "recipient_id", "language"),
        *("facts", "message_id", "attempts", "created_at"),
    )
)


class Unreachable(Exception):
    """The recipient is gone or has no address any more."""


def send_due(now: datetime) -> None:
    """Send every message that is due. Without a mail server nothing is touched: the messages wait in sight."""
    office = post_office()
    if office.server is None or not _anything_due(now):
        return
    with transaction() as db_session:
        _give_up_forgotten(db_session, now)
    try:
        with Connection(office.server, site_host()) as connection:
            while _send_next(office, connection.send, now):
                pass
    except ServerAway:
        log.warning("the mail server does not answer: messages wait")


def _send_next(office: PostOffice, send: Callable[[EmailMessage], None], now: datetime) -> bool:
    """Claim and send one message; False when none is due. Raises ServerAway when the conversation broke off."""
    with transaction() as db_session:
        order = _claim(db_session, now)
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
        _put_off(order, now)
        if refused.code in BROKEN_OFF:
            raise ServerAway from None
    except Exception as error:
        _log_without_words(order, error)
        _put_off(order, now)
    else:
        _mark(order, state=MessageState.SENT, sent_at=now)
    return True


def _anything_due(now: datetime) -> bool:
    with reading() as db_session:
        return db_session.scalar(sa.select(OutboxMessage.id).where(_due(now)).limit(1)) is not None


def _due(now: datetime) -> sa.ColumnElement[bool]:
    """Queued and due, or being sent by a worker that has been silent for longer than its lease."""
    return sa.and_(
        OutboxMessage.state.in_((MessageState.QUEUED, MessageState.SENDING)), OutboxMessage.next_attempt_at <= now
    )


def _claim(db_session: DbSession, now: datetime) -> Order | None:
    """Take the message that is due first; rows that other workers are taking are passed by."""
    first = (
        sa.select(OutboxMessage.id)
        .where(_due(now))
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db_session.execute(
        sa.update(OutboxMessage)
        .where(OutboxMessage.id == first.scalar_subquery())
        .values(state=MessageState.SENDING, attempts=OutboxMessage.attempts + 1, next_attempt_at=now + LEASE)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    ).first()
    return Order(**row._mapping, now=now) if row else None


def _give_up_forgotten(db_session: DbSession, now: datetime) -> None:
    """A message under which workers died as often as it may be tried is not tried again."""
    db_session.execute(
        sa.update(OutboxMessage)
        .where(_due(now), OutboxMessage.state == MessageState.SENDING, OutboxMessage.attempts >= MOST_ATTEMPTS)
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


def _put_off(order: Order, now: datetime) -> None:
    again_at = next_attempt_at(order.attempts, now)
    if again_at is None:
        _mark(order, state=MessageState.FAILED)
    else:
        _mark(order, state=MessageState.QUEUED, next_attempt_at=again_at)


def _mark(order: Order, **values: object) -> None:
    """Write down what became of the claim, unless it has run out and somebody else holds the message."""
    with transaction() as db_session:
        db_session.execute(
            sa.update(OutboxMessage)
            .where(
                OutboxMessage.id == order.id,
                OutboxMessage.state == MessageState.SENDING,
                OutboxMessage.attempts == order.attempts,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _log_without_words(order: Order, error: Exception) -> None:
    """Where it happened, without what it said: an error's words may repeat a name or an address."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("message %s was not written: %s\n%s", order.id, type(error).__name__, where)
