"""Repeating an activity in two steps: the rule, then its dates with a tick beside each."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import services
from integration.activities.errors import RuleHasNoDates
from integration.activities.forms import RepeatForm
from integration.activities.models import Activity, Frequency
from integration.activities.rules import occurrences, until_suggestion
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page, own_activity
from integration.activities.staff_routes.questions import (
    RuleRefused,
    TimeQuestion,
    Unclear,
    rule_words,
    still_chosen,
    time_question,
    wall_clock,
)
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/activities/<slug>/repeat", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def repeat(slug: str) -> Page:
    """Say how an activity recurs, look at the dates, then make the sessions."""
    activity = own_activity(slug)
    form = _form()
    if not form.validate_on_submit():
        return _rule_page(form, activity)
    try:
        dates = _dates(form, activity)
        _check_times(form, dates)
    except RuleRefused as refusal:
        field, words = rule_words(refusal)
        form[field].errors = [words]
        return _rule_page(form, activity)
    except Unclear as refusal:
        return _rule_page(form, activity, time_question(refusal))
    if request.form.get("step") != "make":
        return _dates_page(form, activity, dates)
    return _make(form, activity, dates)


def _make(form: RepeatForm, activity: Activity, dates: list[date]) -> Page:
    actor, now = require_actor(), utc_now()
    if form.pause_from.data and form.pause_until.data:
        services.add_pause(db.session(), actor, activity, form.pause_from.data, form.pause_until.data, now=now)
    try:
        made = services.repeat(
            db.session(),
            actor,
            activity,
            form.recurrence(),
            now=now,
            exceptions=form.exceptions(dates),
            chosen=form.chosen.data,
        )
    except RuleHasNoDates:
        form.keep.errors = [_("Keep at least one date.")]
        return _dates_page(form, activity, dates)
    return _made(activity, len(made))


def _made(activity: Activity, number: int) -> Response:
    flash(
        ngettext("%(num)s session is made.", "%(num)s sessions are made.", number)
        if number
        else _("All those sessions were there already.")
    )
    return redirect(url_for("activities_staff.activity", slug=activity.slug), 303)


def _form() -> RepeatForm:
    form = RepeatForm()
    if not form.is_submitted():
        today = local_date(utc_now())
        form.starts_on.data = today + timedelta(days=7)
        form.until_on.data = until_suggestion(today)
    return form


def _dates(form: RepeatForm, activity: Activity) -> list[date]:
    pauses = [(each.starts_on, each.ends_on) for each in activity.pauses]
    if form.pause_from.data and form.pause_until.data:
        pauses.append((form.pause_from.data, form.pause_until.data))
    dates = occurrences(form.recurrence(), pauses=pauses)
    if not dates:
        raise RuleHasNoDates
    return dates


def _check_times(form: RepeatForm, dates: list[date]) -> None:
    """Ask before anything is made, about each date whose time the clock does not show once."""
    at = form.recurrence().at
    for on in dates:
        services.moment_at(on, at, form.chosen.data)


def _dates_page(form: RepeatForm, activity: Activity, dates: list[date]) -> tuple[str, int]:
    form.offer_dates(dates)
    chosen, begins = still_chosen(form.chosen.data, None), wall_clock(form.recurrence().at)
    return form_page("activities/repeat_dates.html", form, activity=activity, chosen=chosen, begins=begins)


def _rule_page(form: RepeatForm, activity: Activity, question: TimeQuestion | None = None) -> tuple[str, int]:
    return form_page(
        "activities/repeat.html",
        form,
        activity=activity,
        question=question,
        chosen=still_chosen(form.chosen.data, question),
        by_hand=Frequency.BY_HAND,
    )
