"""Messages that staff write to those who come to a session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from integration.accounts.rules import Actor
from integration.activities.models import Session
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession, Texts
from integration.kernel.tokens import random_id
from integration.mail.rules import KEPT
from integration.registration.messages.reach import Manner, Reach, fact_of, reach_of_households, tell
from integration.registration.models import Registration, StaffMessage

CANNOT_WAIT = timedelta(hours=24)


def queue_staff_message(
    db_session: DbSession,
    session: Session,
    texts: Texts,
    registrations: Iterable[Registration],
    actor: Actor,
    now: datetime,
) -> Reach:
    """Write to these households in their languages; whoever gave no contact stands as could not be told.

    Shortly before the session it goes by SMS to those who gave a phone. Answers whom it reaches.
    """
    message = StaffMessage(
        id=random_id(), session_id=session.id, texts=texts, account_id=actor.account_id, created_at=now
    )
    db_session.add(message)
    db_session.flush()
    chosen = list(registrations)
    manner = Manner.QUICK if session.starts_at - now <= CANNOT_WAIT else Manner.LETTER
    for each in chosen:
        fact = fact_of("staff_message", each, each.household, f":{message.id}", message=message.id)
        tell(db_session, each.household, fact, now=now, manner=manner, must=True)
    record(
        db_session,
        Audited.MESSAGE_SENT,
        "session",
        session.id,
        account_id=actor.account_id,
        now=now,
        rows=len(chosen),
    )
    return reach_of_households(each.household for each in chosen)


def forget_staff_messages(db_session: DbSession, now: datetime) -> None:
    """Delete what staff wrote when what became of it is forgotten too."""
    db_session.execute(
        sa.delete(StaffMessage).where(StaffMessage.created_at < now - KEPT).execution_options(synchronize_session=False)
    )
