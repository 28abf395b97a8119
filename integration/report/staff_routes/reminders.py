"""Reminders of owed figures: who owes and was reminded; an owner stops them or lets them come again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission, Role
from integration.i18n.dates import short_date
from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.queries import ProgrammeFigures
from integration.kernel.database import db
from integration.programme.queries import ProgrammeOutline
from integration.report.models import OwnerReminder
from integration.report.reminders import Asked, asked_parties, reminder_of, set_wanted
from integration.report.rules import MOST_TIMES, is_owed
from integration.report.staff_routes.blueprint import blueprint, rows_of
from integration.web.access import requires


@blueprint.post("/<language:language>/staff/reminders")
@requires(Permission.FIGURES_REPORT)
def reminders() -> Response:
    """Set the reader's own reminders on or off."""
    wanted = request.form.get("wanted") == "y"
    set_wanted(db.session(), require_actor().account_id, wanted=wanted)
    flash(_("You are reminded by e-mail again.") if wanted else _("You are not reminded any more."))
    return redirect(url_for("report_staff.desk_now"), 303)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A responsible party that owes figures of a year, and how far its reminders have come."""

    name: Localized
    owed: int
    asked: str


def own_reminder() -> OwnerReminder | None:
    """The reader's own switch, for whoever is reminded at all; a new one stands for "never reminded yet"."""
    actor = require_actor()
    if not any(role is Role.OWNER for role, _organisation in actor.roles):
        return None
    return reminder_of(db.session(), actor.account_id) or OwnerReminder(account_id=actor.account_id, wanted=True)


def party_rows(outline: ProgrammeOutline, figures: ProgrammeFigures, year: int) -> list[PartyRow]:
    """Who owes figures of a year that is over, those who owe most first."""
    owed: Counter[tuple[int, str]] = Counter()
    names = {}
    for row in rows_of(outline):
        figure = next(each for each in figures.of(row.indicator) if each.year == year)
        for party in row.action.responsible(figures.today) if is_owed(figure, figures.today) else ():
            owed[party.organisation_id, party.slug] += 1
            names[party.organisation_id] = localize(party.name, current_code())
    asked = asked_parties(db.session()) if owed else {}
    return [
        PartyRow(names[of], count, _asked_text(asked.get(of), figures.today))
        for (of, _slug), count in owed.most_common()
    ]


def _asked_text(asked: Asked | None, today: date) -> str:
    if asked is None:
        return str(_("nobody has an account: cannot be reminded"))
    if asked.stopped == asked.accounts:
        return str(_("has stopped the reminders"))
    if asked.told_at is None:
        return str(_("not reminded yet"))
    on, times = short_date(asked.told_at), asked.times
    if times >= MOST_TIMES and asked.told_at.year == today.year:
        return str(_("reminded %(times)s times, last on %(date)s: no more about the same", times=times, date=on))
    return str(ngettext("reminded on %(date)s", "reminded %(num)s times, last on %(date)s", times, date=on))
