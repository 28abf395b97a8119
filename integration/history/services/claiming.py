"""One worker at a time goes through a spreadsheet, in short transactions, and says now and then that it is at it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from integration.history.models import BUSY, Import, Progress
from integration.kernel.clock import Watch
from integration.kernel.database import DbSession, reading, transaction

SLICE = 1000
"""Rows in one transaction: the door waits no longer than that takes."""
GIVEN_UP_AFTER = timedelta(minutes=2)
"""A worker that has said nothing for so long is gone."""
MOST_ATTEMPTS = 3

_LOCK = zlib.crc32(b"history import")


@dataclass(frozen=True, slots=True)
class Claim:
    """The import that this worker goes through now, and which step of it."""

    import_id: int
    programme_id: int
    progress: Progress
    attempts: int


class TakenOver(Exception):
    """Another worker goes through this import by now: this one was silent for too long."""


def claim_next(now: datetime) -> Claim | None:
    """The oldest import that waits for a worker; None when there is none, or another worker is at one."""
    with reading() as db_session:
        if not db_session.scalar(sa.select(sa.exists().where(Import.progress.in_(BUSY)))):
            return None
    with transaction() as db_session:
        if db_session.get_bind().dialect.name == "postgresql":
            db_session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        alive = sa.and_(Import.progress.in_(BUSY), Import.claimed_at > now - GIVEN_UP_AFTER)
        if db_session.scalar(sa.select(sa.exists().where(alive))):
            return None
        found = db_session.scalar(sa.select(Import).where(Import.progress.in_(BUSY)).order_by(Import.id).limit(1))
        if found is None:
            return None
        found.claimed_at, found.attempts = now, found.attempts + 1
        return Claim(found.id, found.programme_id, found.progress, found.attempts)


@contextmanager
def at_work(claim: Claim, watch: Watch) -> Iterator[DbSession]:
    """A transaction of the worker that has this claim, and says by it that it is at work; raises TakenOver when
    another has it.

    Nobody can take the import over before the transaction ends, so no row is written twice.
    """
    mine = (Import.id == claim.import_id, Import.attempts == claim.attempts, Import.progress == claim.progress)
    with transaction() as db_session:
        said = sa.update(Import).where(*mine).values(claimed_at=watch.read())
        found: Any = db_session.execute(said.execution_options(synchronize_session=False))
        if found.rowcount != 1:
            raise TakenOver
        yield db_session


def mark(db_session: DbSession, import_id: int, **values: object) -> None:
    """Write down how far the import has come."""
    db_session.execute(
        sa.update(Import).where(Import.id == import_id).values(**values).execution_options(synchronize_session=False)
    )


def finish(db_session: DbSession, import_id: int, progress: Progress, **values: object) -> None:
    """The step is done: from here on it waits for a person."""
    db_session.execute(
        sa.update(Import)
        .where(Import.id == import_id)
        .values(progress=progress, claimed_at=None, attempts=0, **values)
        .execution_options(synchronize_session=False)
    )
