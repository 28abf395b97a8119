"""Planning from the year calendar: what to hold on a day that was chosen there, and who rests when."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import queries, services
from integration.activities.forms import PauseForm
from integration.activities.models import Activity
from integration.activities.rules import FIRST_YEAR, LAST_YEAR, public_holidays
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.web.access import requires
from integration.web.fields import given


@blueprint.get("/<language:language>/staff/sessions/new")
@requires(Permission.SESSIONS_WRITE)
def session_choose() -> str:
    """Which activity is to be held on this day? And what is on that day already."""
    on = asked_date() or local_date(utc_now())
    scope = require_actor().organisations(Permission.SESSIONS_WRITE)
    return render_template(
        "activities/session_choose.html",
        on=on,
        holiday=public_holidays(on.year).get(on),
        sessions=queries.sessions_of_year(db.session(), on.year, scope, on),
        activities=_own(),
        section="activities.year_now",
    )


@blueprint.route("/<language:language>/staff/pauses/new", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def pause_new() -> Page:
    """Agree on a pause of one or more activities; sessions that exist already stay as they are."""
    form, activities, year = PauseForm(), _own(), asked_year()
    form.offer(activities)
    if not form.validate_on_submit():
        return form_page("activities/pause_form.html", form, year=year)
    resting = [each for each in activities if each.id in given(form.activities.data)]
    starts_on, ends_on, actor, now = given(form.starts_on.data), given(form.ends_on.data), require_actor(), utc_now()
    for each in resting:
        services.add_pause(db.session(), actor, each, starts_on, ends_on, now=now, reason=form.reason())
    flash(ngettext("%(num)s activity rests then.", "%(num)s activities rest then.", len(resting)))
    flash(_("Sessions that are made already stay: cancel or move them one by one."), "calm")
    return redirect(url_for("activities.year", year=starts_on.year), 303)


def asked_date() -> date | None:
    """The date in the address, ``?on=2027-05-04``; None for anything that is no date of our years."""
    try:
        on = date.fromisoformat(request.args.get("on", "")[:10])
    except ValueError:
        return None
    return on if FIRST_YEAR <= on.year <= LAST_YEAR else None


def asked_year() -> int:
    """The year in the address, else the present one."""
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else local_date(utc_now()).year


def _own() -> list[Activity]:
    return queries.activities_in(db.session(), require_actor().organisations(Permission.SESSIONS_WRITE))
