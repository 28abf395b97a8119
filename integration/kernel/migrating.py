"""The migrations of the database, for the commands that ask for them: who serves never loads their library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from integration.kernel.lazy import Later

if TYPE_CHECKING:
    import flask_migrate
else:
    flask_migrate = Later("flask_migrate")
migrate_cli: Any = Later("flask_migrate.cli")


class Migrations:
    """Stands where flask-migrate looks for itself in an application, and makes room for it when it comes."""

    def __init__(self, app: Flask, db: SQLAlchemy) -> None:
        self._app, self._db = app, db

    def __getattr__(self, attribute: str) -> Any:
        folder = self._app.root_path.removesuffix("integration") + "migrations"
        flask_migrate.Migrate(self._app, self._db, directory=folder, compare_type=True, render_as_batch=True)
        return getattr(self._app.extensions["migrate"], attribute)


class MigrationCommands(click.Group):
    """``flask db`` with what flask-migrate can do, for whoever asks for it."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Let its own group read the words that follow, and do what they say."""
        group: click.Group = migrate_cli.db
        return group.make_context(info_name, args, parent, **extra)
