"""The command line: load a programme file, print its schema."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from integration.programme.errors import EditedInApp, StillInUse, WrongProgrammeFile
from integration.programme.programme_file import ProgrammeEntry, read_programme
from integration.programme.programme_file.schema import schema_text
from integration.programme.services import LoadSummary, load_programme

programme_commands = AppGroup("programme", help="The programme as data.")


@programme_commands.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of programme files."""
    click.echo(schema_text(), nl=False)


@programme_commands.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace texts that were edited in the application.")
def load(file: Path, overwrite: bool) -> None:
    """Load or update a programme from FILE; a wrong file changes nothing and every error is named by line."""
    document = _read(file)
    try:
        with transaction() as db_session:
            summary = load_programme(db_session, document, utc_now(), overwrite=overwrite)
    except EditedInApp as refusal:
        _stop("These were edited in the application. Nothing was changed; --overwrite replaces them:", refusal.edits)
    except StillInUse as refusal:
        _stop("The file leaves these out, but they are in use. Nothing was changed:", refusal.rows)
    click.echo(_told(document, summary))


def _read(file: Path) -> ProgrammeEntry:
    try:
        return read_programme(file.read_bytes())
    except WrongProgrammeFile as refusal:
        _stop(f"{file.name} is not loaded. Nothing was changed. To correct:", refusal.errors)


def _stop(heading: str, details: tuple[object, ...]) -> NoReturn:
    click.echo(heading, err=True)
    for detail in details:
        click.echo(f"  {detail}", err=True)
    raise SystemExit(1)


def _told(document: ProgrammeEntry, summary: LoadSummary) -> str:
    lines = [
        f"{document.slug}: {len(summary.added)} added, {len(summary.changed)} changed, "
        f"{len(summary.removed)} removed, {summary.unchanged} unchanged"
    ]
    lines += [f"  changed: {name}" for name in summary.changed]
    lines += [f"  removed: {name}" for name in summary.removed]
    return "\n".join(lines)
