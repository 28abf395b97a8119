"""Staff pages of one session: its hub, and the forms that make, change and move it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import queries, services
from integration.activities.errors import SessionCancelledAlready, TimeDoesNotExist, TimeExistsTwice
from integration.activities.forms import CapacityForm, ConfirmForm, MoveForm, SessionForm
from integration.activities.forms.words import AUDIENCES, KINDS, LANGUAGE_NAMES, SIGN_UPS, SUPPORTS, VISIBILITIES
from integration.activities.models import Session
from integration.activities.rules import (
    details_of_activity,
    details_of_session,
    over_by,
    session_gaps,
    title_of,
)
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page, own_activity, own_session
from integration.activities.staff_routes.planning import asked_date
from integration.activities.staff_routes.questions import Unclear, still_chosen, time_question
from integration.i18n.languages import language
from integration.kernel.clock import local, utc_now
from integration.kernel.database import db
from integration.organisations.queries import organisations_by_id
from integration.web.access import requires
from integration.web.fields import given

NO_VENUE = 0


@blueprint.get("/<language:language>/staff/sessions/<key>")
@requires(Permission.SESSIONS_WRITE)
def session(key: str) -> str:
    """Everything about one session in one place: facts, what other features say about it, and what can be done."""
    found = own_session(key)
    partners = organisations_by_id(db.session(), [each.organisation_id for each in found.partners])
    return render_template(
        "activities/staff_session.html",
        session=found,
        title=title_of(found),
        gaps=session_gaps(found),
        over=over_by(found.places),
        partners=[(partners[each.organisation_id], each.present) for each in found.partners],
        languages_spoken=[language(code) for code in found.languages],
        words={"kind": KINDS, "audience": AUDIENCES, "visibility": VISIBILITIES, "sign_up": SIGN_UPS},
        supports=[word for value, word in SUPPORTS.items() if value in found.language_support],
        language_names=LANGUAGE_NAMES,
        has_ended=found.ends_at <= utc_now(),
        form=ConfirmForm(),
        section="activities_staff.activities",
    )


@blueprint.route("/<language:language>/staff/activities/<slug>/sessions/new", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def session_new(slug: str) -> Page:
    """Add one session to an activity."""
    activity = own_activity(slug)
    like = details_of_activity(activity)
    form = _session_form(like.partner_ids)
    if not form.is_submitted():
        form.show(like)
        form.minutes.data = activity.duration_minutes
        form.on.data = asked_date()
    if not form.validate_on_submit():
        return form_page("activities/session_form.html", form, activity=activity, session=None)
    try:
        starts_at = services.moment_at(given(form.on.data), given(form.at.data), form.chosen.data)
    except Unclear as refusal:
        return _asked("activities/session_form.html", form, refusal, activity=activity, session=None)
    ends_at = starts_at + timedelta(minutes=given(form.minutes.data))
    actor, now, details = require_actor(), utc_now(), form.details()
    made = services.create_session(db.session(), actor, activity, starts_at, now=now, ends_at=ends_at, details=details)
    return _done(made, _("The session is made."))


@blueprint.route("/<language:language>/staff/sessions/<key>/edit", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def session_edit(key: str) -> Page:
    """Change what a session is like."""
    found = own_session(key)
    before = details_of_session(found)
    form = _session_form(before.partner_ids)
    form.without_time()
    if not form.is_submitted():
        form.show(before)
    if not form.validate_on_submit():
        return form_page("activities/session_form.html", form, activity=found.activity, session=found)
    services.edit_session(db.session(), require_actor(), found, form.details(before), now=utc_now())
    return _done(found, _("Saved."))


@blueprint.route("/<language:language>/staff/sessions/<key>/move", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def session_move(key: str) -> Page:
    """Give a session another time or place."""
    found = own_session(key)
    form = _move_form(found)
    if not form.validate_on_submit():
        return form_page("activities/session_move.html", form, session=found, title=title_of(found))
    try:
        _move(found, form)
    except Unclear as refusal:
        return _asked("activities/session_move.html", form, refusal, session=found, title=title_of(found))
    except SessionCancelledAlready:
        form.on.errors = [_("The session is cancelled. Restore it before you move it.")]
        return form_page("activities/session_move.html", form, session=found, title=title_of(found))
    return _done(found, _("The session is moved."))


def _move(found: Session, form: MoveForm) -> None:
    starts_at = services.moment_at(given(form.on.data), given(form.at.data), form.chosen.data)
    services.move_session(
        db.session(),
        require_actor(),
        found,
        starts_at,
        starts_at + timedelta(minutes=given(form.minutes.data)),
        venue_id=form.venue_id.data or None,
        now=utc_now(),
    )


def _move_form(found: Session) -> MoveForm:
    form = MoveForm()
    if not form.is_submitted():
        form.on.data = found.local_on
        form.at.data = local(found.starts_at).time()
        form.minutes.data = int((found.ends_at - found.starts_at).total_seconds() // 60)
        form.venue_id.data = found.venue_id or NO_VENUE
    form.offer(queries.venues(db.session()))
    return form


def _session_form(partner_ids: Collection[int]) -> SessionForm:
    form = SessionForm()
    form.offer(queries.venues(db.session()), queries.possible_partners(db.session(), partner_ids))
    return form


def _asked(
    template: str, form: SessionForm | MoveForm, refusal: TimeDoesNotExist | TimeExistsTwice, **values: object
) -> tuple[str, int]:
    """The same form with everything typed, and the question which moment is meant."""
    question = time_question(refusal)
    return form_page(template, form, question=question, chosen=still_chosen(form.chosen.data, question), **values)


def _done(found: Session, words: str) -> Response:
    if session_gaps(found):
        flash(_("It stays hidden until its texts exist in Swedish and Finnish."), "wait")
    flash(words)
    return redirect(url_for("activities_staff.session", key=found.key), 303)


@blueprint.route("/<language:language>/staff/sessions/<key>/capacity", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def session_capacity(key: str) -> Page:
    """Set how many people fit; whoever has a place keeps it."""
    found = own_session(key)
    form = CapacityForm()
    if not form.is_submitted():
        form.capacity.data = found.places.capacity
    if not form.validate_on_submit():
        return form_page("activities/session_capacity.html", form, session=found, title=title_of(found))
    services.change_capacity(db.session(), require_actor(), found, form.capacity.data, now=utc_now())
    return _done(found, _("Saved."))
