"""What kind of database this is: one created as a demo stays one, and never serves a real city."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError

from integration.kernel.errors import Refusal
from integration.kernel.models import Installation


class DemoDatabase(Refusal):
    """The database was created with DEMO=1: the application must not serve it without."""


class NotADemoDatabase(Refusal):
    """The database was created without DEMO=1: invented people must not come into it."""


def remember(connection: sa.Connection, *, demo: bool, now: datetime) -> None:
    """Write down, when the database is created, whether it is a demo."""
    if sa.inspect(connection).has_table(Installation.__tablename__) and was_created_as_demo(connection) is None:
        connection.execute(sa.insert(Installation).values(demo=demo, created_at=now))


def was_created_as_demo(connection: sa.Connection) -> bool | None:
    """Whether the database was created as a demo; None when nothing was written down."""
    return connection.scalar(sa.select(Installation.demo))


def refuse_foreign_demo(engine: sa.Engine, *, demo: bool) -> None:
    """Raise DemoDatabase for a demo's database without DEMO=1. A database that is away or empty is not judged."""
    try:
        with engine.connect() as connection:
            if was_created_as_demo(connection) and not demo:
                raise DemoDatabase
    except (OperationalError, ProgrammingError):
        return


def make_folder(database_url: str) -> None:
    """The folder of an embedded database, so that a first start needs no preparation."""
    path = sa.make_url(database_url).database
    if database_url.startswith("sqlite") and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
