"""Commands of the machine room: recurring work and the nightly round."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

import click
from flask import Flask, current_app

from integration.kernel import backup
from integration.kernel.clock import utc_now
from integration.kernel.errors import Refusal
from integration.kernel.jobs import AnyJob, run_forever, run_once
from integration.kernel.migrating import MigrationCommands

REASONS: dict[type[Refusal], str] = {
    backup.NotABackup: "This file is no backup, or not a whole one. Nothing was changed.",
    backup.BackupIsNewer: "This backup was written by a newer version. Install that version, then restore.",
    backup.AnotherCardKey: "This backup belongs to another CARD_KEY: with this one every card handed out would be "
    "dead. Set the CARD_KEY that was kept with the backup.",
    backup.DatabaseNotEmpty: "A backup is restored into an empty database only, and this one has something in it.",
}


def register(app: Flask, jobs: tuple[AnyJob, ...], nightly: tuple[AnyJob, ...]) -> None:
    """Add ``flask work``, ``flask nightly`` and ``flask db``."""
    app.cli.add_command(MigrationCommands("db", help="Migrations of the database."))

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

    @app.cli.command("backup")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    def make_backup(file: Path) -> None:
        """Write everything that is in the database to FILE, while the system runs."""
        try:
            rows = backup.write_backup(file, card_key=current_app.extensions["settings"].card_key, now=utc_now())
        except FileExistsError as error:
            raise click.ClickException("This file is there already: a backup is never written over.") from error
        click.echo(f"{rows} rows written. The file holds names and cards: keep it safe, and CARD_KEY with it.")

    @app.cli.command("restore")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def restore(file: Path) -> None:
        """Put a backup FILE back into an empty database, of either engine."""
        try:
            rows = backup.restore_backup(file, card_key=current_app.extensions["settings"].card_key)
        except Refusal as refusal:
            raise click.ClickException(REASONS[type(refusal)]) from refusal
        click.echo(f"{rows} rows restored.")
