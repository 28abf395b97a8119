"""The worker's job: makes the files of the editions that were asked for, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from integration.kernel.clock import Watch
from integration.kernel.database import DbSession, reading, transaction
from integration.report.editions import MadeFile
from integration.report.models import EditionOrder
from integration.report.services.publishing import files_of, freeze

GIVEN_UP_AFTER = timedelta(minutes=2)
"""A worker that has not come back for so long is gone: making takes seconds."""
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """The order that this worker has taken up, and for which time somebody has: who is late finds another there."""

    order_id: int
    attempt: int


def work_on_editions(now: datetime) -> None:
    """Make and publish whatever was ordered. Nothing is kept of an edition before all of it is there."""
    watch = Watch(now)
    while (claim := _claim_next(watch.read())) is not None:
        try:
            made = _make(claim)
        except Exception:
            _let_go(claim)
            raise
        with transaction() as db_session:
            order = _claimed(db_session, claim)
            if order is not None:
                freeze(db_session, order, made, watch.read())


def _claim_next(now: datetime) -> Claim | None:
    """The oldest order that no other worker is at; one that was taken up too often is given up on the way."""
    free = sa.or_(EditionOrder.claimed_at.is_(None), EditionOrder.claimed_at < now - GIVEN_UP_AFTER)
    waiting = (EditionOrder.failed_at.is_(None), free)
    with reading() as db_session:
        if not db_session.scalar(sa.select(sa.exists().where(*waiting))):
            return None
    with transaction() as db_session:
        rows = sa.select(EditionOrder).where(*waiting).order_by(EditionOrder.id).with_for_update(skip_locked=True)
        for order in db_session.scalars(rows):
            if order.attempts >= MOST_ATTEMPTS:
                order.failed_at = now
                continue
            order.claimed_at, order.attempts = now, order.attempts + 1
            return Claim(order.id, order.attempts)
    return None


def _make(claim: Claim) -> list[MadeFile]:
    """The files, made while nobody waits: of the database only the manuscript is needed."""
    with reading() as db_session:
        order = db_session.get_one(EditionOrder, claim.order_id, options=[undefer(EditionOrder.manuscript)])
    return files_of(order)


def _claimed(db_session: DbSession, claim: Claim) -> EditionOrder | None:
    """The order, unless somebody else has taken it up meanwhile, or given it up."""
    mine = (EditionOrder.id == claim.order_id, EditionOrder.attempts == claim.attempt, EditionOrder.failed_at.is_(None))
    return db_session.scalar(sa.select(EditionOrder).where(*mine).with_for_update())


def _let_go(claim: Claim) -> None:
    """It is tried again at the next round."""
    with transaction() as db_session:
        order = _claimed(db_session, claim)
        if order is not None:
            order.claimed_at = None
