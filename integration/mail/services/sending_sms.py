"""Sending SMS that are due, each at most once: a second SMS frightens and costs, and nobody can take it back.

A claim commits before the request leaves. Whatever happens after that without a clear answer (silence, an error of
the gateway, our own death) leaves the SMS doubtful: staff see it, and only a person sends it again.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime

import sqlalchemy as sa

from integration.i18n.speaking import speaking
from integration.kernel.database import reading, transaction
from integration.mail.errors import Doubtful, Outdated, PermanentlyRefused, ServerAway, TryLater
from integration.mail.letters import Order
from integration.mail.models import Channel, DropReason, MessageState, OutboxMessage
from integration.mail.post_office import PostOffice, post_office
from integration.mail.rules import ROUND_SECONDS
from integration.mail.services.claims import (
    Unreachable,
    anything_due,
    claim,
    due,
    log_without_words,
    mark,
    put_off,
    release,
)
from integration.mail.sms import Outgoing, SmsGateway

log = logging.getLogger(__name__)


def send_due_sms(now: datetime) -> None:
    """Send every SMS that is due. Without a gateway nothing is touched: the messages wait in sight."""
    office = post_office()
    if office.gateway is None:
        return
    _doubt_forgotten(now)
    if not anything_due(Channel.SMS, now):
        return
    until = time.monotonic() + ROUND_SECONDS
    try:
        while time.monotonic() < until and _send_next(office, office.gateway, now):
            pass
    except ServerAway:
        log.warning("the SMS gateway does not answer: messages wait")


def _send_next(office: PostOffice, gateway: SmsGateway, now: datetime) -> bool:
    """Claim and send one SMS; False when none is due. Raises ServerAway when there is no gateway to speak to."""
    with transaction() as db_session:
        order = claim(db_session, now, due(Channel.SMS, now), OutboxMessage.state == MessageState.QUEUED)
    if order is None:
        return False
    sms = _written_or_marked(office, order, now)
    if sms is None:
        return True
    try:
        gateway.send(sms)
    except ServerAway:
        release(order, now)
        raise
    except TryLater:
        put_off(order, now)
    except PermanentlyRefused:
        mark(order, state=MessageState.FAILED)
    except Doubtful:
        mark(order, state=MessageState.DOUBTFUL)
    else:
        mark(order, state=MessageState.SENT, sent_at=now)
    return True


def _written_or_marked(office: PostOffice, order: Order, now: datetime) -> Outgoing | None:
    """The SMS as the rows say now; None when there is none to send, which is written down."""
    try:
        return _written(office, order)
    except (Outdated, Unreachable) as reason:
        dropped = DropReason.OUTDATED if isinstance(reason, Outdated) else DropReason.UNREACHABLE
        mark(order, state=MessageState.DROPPED, drop_reason=dropped)
    except Exception as error:
        log_without_words(order, error)
        put_off(order, now)
    return None


def _written(office: PostOffice, order: Order) -> Outgoing:
    """The number is read here and nowhere kept; the key is the message's own name without our host."""
    with reading() as db_session, speaking(order.language):
        number = office.phones[order.recipient_kind](db_session, order.recipient_id)
        if not number:
            raise Unreachable
        text = office.short_composers[order.kind](db_session, order).text
    return Outgoing(number, text, order.message_id.strip("<>").partition("@")[0])


def _doubt_forgotten(now: datetime) -> None:
    """One that a worker had in hand when it died may have left or not: nobody knows, so nobody repeats it."""
    forgotten = (
        OutboxMessage.channel == Channel.SMS,
        OutboxMessage.state == MessageState.SENDING,
        OutboxMessage.next_attempt_at <= now,
    )
    with reading() as db_session:
        if db_session.scalar(sa.select(OutboxMessage.id).where(*forgotten).limit(1)) is None:
            return
    with transaction() as db_session:
        db_session.execute(
            sa.update(OutboxMessage)
            .where(*forgotten)
            .values(state=MessageState.DOUBTFUL)
            .execution_options(synchronize_session=False)
        )
