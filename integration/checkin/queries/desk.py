"""The sessions that an organiser's day is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from integration.activities.models import Activity, Session, SessionStatus
from integration.checkin.models import Closing
from integration.checkin.queries.counts import SessionCounts, session_counts
from integration.checkin.rules import OPENS_BEFORE
from integration.kernel.database import DbSession

COMING = timedelta(days=21)
CONFIRMED_BY_ITSELF = timedelta(days=14)
"""So long a session that was marked held by itself still asks for the organiser's word."""
MOST_COMING = 12
MOST_TO_CONFIRM = 20


@dataclass(frozen=True)
class Desk:
    """Now, to confirm (the latest first), and coming; with what was counted so far."""

    now: list[Session]
    to_confirm: list[Session]
    coming: list[Session]
    counts: dict[int, SessionCounts]


def desk(db_session: DbSession, organisation_ids: frozenset[int] | None, now: datetime) -> Desk:
    """The sessions of these organisations (None: of all) that an organiser should look at."""
    coming = _sessions(
        db_session,
        organisation_ids,
        sa.and_(Session.ends_at > now, Session.starts_at < now + COMING),
        (Session.starts_at.asc(), Session.id.asc()),
        MOST_COMING + 10,
    )
    to_confirm = _sessions(
        db_session,
        organisation_ids,
        sa.and_(Session.ends_at <= now, _unconfirmed(now)),
        (Session.starts_at.desc(), Session.id.desc()),
        MOST_TO_CONFIRM,
    )
    running = [each for each in coming if each.starts_at <= now + OPENS_BEFORE]
    later = [each for each in coming if each not in running][:MOST_COMING]
    counts = session_counts(db_session, [each.id for each in (*running, *to_confirm)])
    return Desk(running, to_confirm, later, counts)


def _unconfirmed(now: datetime) -> sa.ColumnElement[bool]:
    said = sa.exists().where(
        Closing.session_id == Session.id,
        sa.or_(Closing.account_id.is_not(None), Session.ends_at < now - CONFIRMED_BY_ITSELF),
    )
    return ~said


def _sessions(
    db_session: DbSession,
    organisation_ids: frozenset[int] | None,
    condition: sa.ColumnElement[bool],
    order: tuple[Any, ...],
    most: int,
) -> list[Session]:
    statement = (
        sa.select(Session)
        .join(Session.activity)
        .where(Session.status == SessionStatus.PLANNED, condition)
        .options(
            joinedload(Session.activity, innerjoin=True),
            joinedload(Session.venue),
            joinedload(Session.places, innerjoin=True),
            selectinload(Session.partners),
        )
        .order_by(*order)
        .limit(most)
    )
    if organisation_ids is not None:
        statement = statement.where(Activity.organisation_id.in_(sorted(organisation_ids)))
    return list(db_session.scalars(statement))
