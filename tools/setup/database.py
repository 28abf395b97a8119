"""The database as ./run wants it: migrated, the programme loaded and, in a demo, the invented data in it.

Runs inside the virtual environment, in one process: each command on its own would load the application again.
A later start changes nothing: what the city has edited since stays as it is.
"""

from __future__ import annotations

import sys

import click
import sqlalchemy as sa
from flask.cli import FlaskGroup

from app import app
from integration.kernel.database import db
from integration.programme.models import Programme

commands = FlaskGroup(create_app=lambda: app)
PROGRAMME = "programmes/vaasa-2023-2026.yaml"


def main() -> None:
    """Do what a person would type, in this order; the first command that fails ends it with its message."""
    flask("db", "upgrade")
    if not has_programme():
        flask("programme", "load", PROGRAMME)
    if app.extensions["settings"].demo:
        flask("demo")


def has_programme() -> bool:
    """Whether any programme is in the database; loading a newer file into it is a person's decision."""
    with app.app_context():
        return db.session.scalar(sa.select(Programme.id).limit(1)) is not None


def flask(*words: str) -> None:
    """Run one command of ``flask --app app``."""
    try:
        commands.main(args=list(words), prog_name="flask", standalone_mode=False)
    except click.ClickException as refusal:
        sys.exit(f"flask {' '.join(words)}: {refusal.format_message()}")


if __name__ == "__main__":
    main()
