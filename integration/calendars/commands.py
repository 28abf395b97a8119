"""Commands of calendars."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from integration.calendars.services import rebuild
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction

group = AppGroup("calendars", help="The calendar texts of sessions.")


@group.command("rebuild")
def rebuild_texts() -> None:
    """Write all calendar texts anew, after a change of the site's address or of its languages."""
    with transaction() as db_session:
        changed = rebuild(db_session, utc_now())
    click.echo(f"Calendar texts written anew for {changed} sessions.")
