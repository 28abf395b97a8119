"""The database as ./run wants it: migrated, the programme loaded and, on the first start, the demo data in it.

Runs inside the virtual environment, in one process: each command on its own would load the application again.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from flask import Flask
from flask.cli import ScriptInfo

from app import app
from integration.kernel.database import db

PROGRAMME = "programmes/vaasa-2023-2026.yaml"


def main() -> None:
    """Do what a person would type, in this order; ends with the message of the first command that fails."""
    first_start = is_empty(app)
    flask(app, "db", "upgrade")
    flask(app, "programme", "load", PROGRAMME)
    if first_start and app.extensions["settings"].demo:
        flask(app, "demo")


def is_empty(app: Flask) -> bool:
    """Whether no migration was ever applied to this database."""
    with app.app_context():
        return not sa.inspect(db.engine).has_table("alembic_version")


def flask(app: Flask, *words: str) -> None:
    """Run one command of ``flask --app app``."""
    app.cli.main(args=list(words), prog_name="flask", standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    main()
