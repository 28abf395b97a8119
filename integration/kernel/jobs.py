"""Recurring work: as threads of the serving process on an embedded database, by ``flask work`` on a server's."""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Work that is done again and again, ``every`` so many seconds; safe to repeat."""

    name: str
    every: int
    run: Callable[[DbSession, datetime], None]


@dataclass(frozen=True)
class ApartJob:
    """Work that takes long or waits for other machines: in a thread of its own, with short transactions of its own.

    Several workers may do it at once; it shares the rows out by itself.
    """

    name: str
    every: int
    run: Callable[[datetime], None]


AnyJob = Job | ApartJob


def run_once(job: AnyJob) -> bool:
    """Run the job, in one transaction unless it makes its own; False when another worker has it just now."""
    if isinstance(job, ApartJob):
        job.run(utc_now())
        return True
    with transaction() as db_session:
        if db_session.get_bind().dialect.name == "postgresql":
            lock = sa.func.pg_try_advisory_xact_lock(zlib.crc32(job.name.encode()))
            if not db_session.scalar(sa.select(lock)):
                return False
        job.run(db_session, utc_now())
    return True


def run_forever(app: Flask, jobs: tuple[AnyJob, ...], stop: threading.Event) -> None:
    """Run every job when it is due until told to stop; an error is logged and the job tried again when next due."""
    for job in jobs:
        if isinstance(job, ApartJob):
            threading.Thread(target=_run_when_due, args=(app, (job,), stop), name=job.name, daemon=True).start()
    _run_when_due(app, tuple(job for job in jobs if isinstance(job, Job)), stop)


def _run_when_due(app: Flask, jobs: tuple[AnyJob, ...], stop: threading.Event) -> None:
    due = {job.name: 0.0 for job in jobs}
    clock = 0.0
    while not stop.wait(1.0):
        clock += 1.0
        for job in jobs:
            if clock >= due[job.name]:
                due[job.name] = clock + job.every
                _run_safely(app, job)


def _run_safely(app: Flask, job: AnyJob) -> None:
    try:
        with app.app_context():
            run_once(job)
    except Exception as error:
        log.exception("job %s failed: %s", job.name, type(error).__name__)


def start_threads(app: Flask, jobs: tuple[AnyJob, ...]) -> threading.Event:
    """Start a thread that runs the jobs beside the requests of this process; set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=run_forever, args=(app, jobs, stop), name="jobs", daemon=True).start()
    return stop
