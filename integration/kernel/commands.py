"""Commands of the machine room: recurring work and the nightly round."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
from flask import Flask, current_app

from integration.kernel.jobs import AnyJob, run_forever, run_once


def register(app: Flask, jobs: tuple[AnyJob, ...], nightly: tuple[AnyJob, ...]) -> None:
    """Add ``flask work`` and ``flask nightly``."""

    @app.cli.command("work")
    def work() -> None:
        """Do the recurring work until stopped; several may run beside one another on PostgreSQL."""
        if current_app.extensions["settings"].is_sqlite:
            click.echo("On SQLite the recurring work runs as threads of the serving process: nothing to do here.")
            return
        stop = threading.Event()

        def end(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        click.echo("Working: " + ", ".join(job.name for job in jobs))
        run_forever(app, jobs, stop)

    @app.cli.command("nightly")
    def nightly_round() -> None:
        """Do what is due once a day; doing it twice changes nothing."""
        for job in (*jobs, *nightly):
            run_once(job)
            click.echo(f"{job.name}: done")
