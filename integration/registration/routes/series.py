"""Signing up for all of an activity's dates; adding one, dropping the rest, on the household's page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.activities.models import Activity, Audience, Session
from integration.activities.queries import activity_by_slug, session_by_key
from integration.activities.rules import FEW, seats_left
from integration.i18n.dates import day, time_range
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import Refusal
from integration.registration.forms import ConfirmForm, SeriesForm
from integration.registration.models import Card
from integration.registration.queries import Known, card_by_link
from integration.registration.queries.series import dates_to_join, series_dates, series_of
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    network_here,
    private,
    remember,
)
from integration.registration.routes.for_whom import chosen_by, first_known, for_whom, households_here, keep_living
from integration.registration.rules import KEPT_DAYS, MOST_PEOPLE
from integration.registration.services import hold_of
from integration.registration.services.holding import hold_series, note_series
from integration.registration.services.series import Joined, Wish, add_date, join_series, leave_series
from integration.web.access import public


@blueprint.route("/<language:language>/activities/<slug>/series", methods=["GET", "POST"])
@public
def series_sign_up(slug: str) -> Response:
    """Who comes, and the dates with a tick beside each: take away those that do not suit."""
    activity = activity_by_slug(db.session(), slug.replace("\0", ""))
    dates = dates_to_join(db.session(), activity.id, utc_now()) if activity.series else []
    if not dates:
        return redirect(url_for("activities.activity", slug=activity.slug), 303)
    remembered = households_here(None)
    form = _form(activity, dates, remembered)
    if not form.validate_on_submit():
        return _page(activity, remembered, form, 422 if form.errors else 200)
    try:
        joined = _join(activity, dates, remembered, form)
    except Refusal:
        form.dates.errors = [_("None of these dates can be had any more. Look at the dates once more.")]
        return _page(activity, remembered, form, 409)
    keep_living(remembered)
    joined_card, anchor = (joined, None) if isinstance(joined, Card) else (joined.card, f"s{joined.series.id}")
    secret = codes_of(joined_card).link_secret
    remember(secret)
    if anchor:
        flash(_("You are signed up for the series."))
    return redirect(url_for("registration.card_page", secret=secret, _anchor=anchor), 303)


@blueprint.post("/<language:language>/cards/<secret>/series/<int:series_id>/add")
@public
def series_add(secret: str, series_id: int) -> Response:
    """Add a date that was dropped, or was never joined."""
    card = card_by_link(db.session(), secret)
    series = series_of(db.session(), card.household_id, series_id)
    session = session_by_key(db.session(), request.form.get("session", ""))
    try:
        add_date(db.session(), series, session, card.household, utc_now())
    except Refusal:
        flash(_("That date can not be had any more."), "wait")
    else:
        flash(_("The date is added."))
    return redirect(url_for("registration.card_page", secret=secret, _anchor=f"s{series_id}"), 303)


@blueprint.route("/<language:language>/cards/<secret>/series/<int:series_id>/leave", methods=["GET", "POST"])
@public
def series_leave(secret: str, series_id: int) -> Response:
    """Ask whether to give all of the dates back; the POST does it."""
    card = card_by_link(db.session(), secret)
    series = series_of(db.session(), card.household_id, series_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        number = leave_series(db.session(), series, utc_now())
        flash(
            ngettext(
                "You have left the series. %(num)s date is given back.",
                "You have left the series. %(num)s dates are given back.",
                number,
            )
        )
        return redirect(url_for("registration.card_page", secret=secret), 303)
    dates = [each for each in series_dates(db.session(), series, utc_now()) if each.registration or each.entry]
    return private(render_template("registration/series_leave.html", secret=secret, dates=dates, form=form))


def _form(activity: Activity, dates: list[Session], remembered: list[Known]) -> SeriesForm:
    form = SeriesForm()
    form.ask(age_groups=activity.asks_age_groups)
    form.know(chosen_by(remembered))
    form.dates.choices = [SelectChoice(each.key, _words(each)) for each in dates]
    if request.method != "POST":
        form.renew_token()
        form.dates.data = [each.key for each in dates]
    return form


def _words(session: Session) -> str:
    when = f"{day(session.starts_at)} {time_range(session.starts_at, session.ends_at)}"
    left = seats_left(session.places)
    if left == 0 or session.places.waiting:
        full = _("full: you wait in the queue")
        return f"{when} ({full})"
    if left is not None and left <= FEW:
        few = ngettext("%(num)s place left", "%(num)s places left", left)
        return f"{when} ({few})"
    return when


def _join(activity: Activity, dates: list[Session], remembered: list[Known], form: SeriesForm) -> Joined | Card:
    """Join, or, when it is part of a flood from one network, keep it for staff to look at first: then the card."""
    now, people, household = utc_now(), form.people(), chosen_by(remembered)
    network = network_here(now)
    chosen = [each for each in dates if each.key in set(form.dates.data or ())]
    wish = Wish(
        form.name.data or "", people, form.phone_number, form.email_address, form.help.data or None, current_code()
    )
    tokens: dict[str, Any] = {"form_token": form.form_token.data or "", "card_key": card_key(), "now": now}
    hold = hold_of(db.session(), network, household, people, now)
    if hold is not None and chosen:
        return hold_series(db.session(), hold, chosen, household, **wish._asdict(), **tokens)
    joined = join_series(db.session(), activity, chosen, household, wish, **tokens)
    owner, phones = joined.card.household_id, first_known(remembered)
    note_series(db.session(), network, owner, phones, [each.id for each in chosen], people, now)
    return joined


def _page(activity: Activity, remembered: list[Known], form: SeriesForm, status: int) -> Response:
    alone = activity.audience in (Audience.YOUTH, Audience.CHILDREN) or form.adults.data == 0
    page = render_template(
        "registration/series.html",
        activity=activity,
        form=form,
        whom=for_whom(remembered, url_for("registration.series_sign_up", slug=activity.slug)),
        first_adults=0 if alone else 1,
        most_people=MOST_PEOPLE,
        kept_days=KEPT_DAYS,
    )
    return private(page, status)
