"""The command line of figures."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from integration.indicators.queries import settled_sessions
from integration.indicators.services import rebuild
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction

figures = AppGroup("figures", help="Figures folded from sessions.")


@figures.command("rebuild")
def rebuild_figures() -> None:
    """Count every figure again from the rows; it changes nothing unless something was wrong."""
    with transaction() as db_session:
        whole = settled_sessions(db_session, utc_now())
        with click.progressbar(length=2 * whole, label="Folding sessions") as bar:
            rebuild(db_session, utc_now(), progress=bar.update)
    click.echo(f"{whole} sessions folded.")
