"""``flask --app app demo``: fill a database created with DEMO=1 with invented people, years and weeks."""

from __future__ import annotations

import random

import click
import sqlalchemy as sa
from flask import current_app

from integration.accounts.models import Account
from integration.accounts.rules import Actor, Role
from integration.calendars.services import rebuild as rebuild_calendar_texts
from integration.demo.coming import plant_coming
from integration.demo.content import plant_content
from integration.demo.history import close_history, plant_history
from integration.demo.people import plant_staff
from integration.demo.reports import plant_reports
from integration.indicators.services import rebuild as rebuild_figures
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from integration.kernel.installation import NotADemoDatabase, was_created_as_demo
from integration.programme.models import Programme


@click.command("demo")
@click.option("--seed", default=2026, show_default=True, help="The same seed gives the same figures.")
@click.option("--scale", default=1, show_default=True, help="So many times as many visits.")
def demo(seed: int, scale: int) -> None:
    """Fill a database created with DEMO=1 with invented data; a database that has it is left alone."""
    try:
        planted = _plant(random.Random(seed), scale)  # noqa: S311 - dice, not secrets
    except NotADemoDatabase as refusal:
        raise click.ClickException("This database was not created with DEMO=1: no demo data goes into it.") from refusal
    click.echo(planted)


def _plant(dice: random.Random, scale: int) -> str:
    now = utc_now()
    with transaction() as db_session:
        if not was_created_as_demo(db_session.connection()):
            raise NotADemoDatabase
        if db_session.scalar(sa.select(sa.func.count()).select_from(Account)):
            return "The demo data is there already."
        programme = db_session.scalars(sa.select(Programme).order_by(Programme.first_year)).first()
        if programme is None:
            raise click.ClickException("Load a programme first: flask --app app programme load FILE")
        plans = plant_content(db_session, programme)
        plant_staff(db_session, now)
        past = plant_history(db_session, plans, dice, now, scale)
        close_history(db_session, now)
        coordinator = Actor(account_id=0, roles=((Role.COORDINATOR, None),))
        card_key = current_app.extensions["settings"].card_key
        coming = plant_coming(db_session, plans, coordinator, card_key, dice, now)
        rebuild_figures(db_session, now)
        rebuild_calendar_texts(db_session, now)
        plant_reports(db_session, programme, dice, now)
    return f"Demo data: {past} sessions held, {coming} sessions coming, all invented."
