"""One household on the organiser's list: ring it, change how many, move it, cancel."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.errors import SessionFull
from integration.activities.models import Session
from integration.activities.queries import session_by_key
from integration.activities.rules import free_places, title_of
from integration.i18n.dates import day
from integration.i18n.languages import language
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.forms import ConfirmForm
from integration.registration.forms.staff_forms import CancelPlacesForm, MoveForm, PeopleForm
from integration.registration.models import Registration, WaitingEntry
from integration.registration.queries.comers import (
    comers_of_session,
    entry_at,
    registration_at,
    sessions_to_move_to,
)
from integration.registration.queries.holds import arrivals_since, network_of_registration
from integration.registration.routes.blueprint import card_key, private
from integration.registration.rules import MOST_PEOPLE
from integration.registration.rules.floods import ORIGINS_KEPT
from integration.registration.services.by_staff import (
    cancel_by_staff,
    change_by_staff,
    leave_queue_by_staff,
    move_by_staff,
    queue_by_staff,
)
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, session_to_change
from integration.registration.staff_routes.refusals import words_of
from integration.web.access import requires

MANY = 5
"""From so many sign-ups of one network in a day on it is worth a line."""


@blueprint.get("/<language:language>/staff/sessions/<key>/registrations/<int:number>")
@requires(Permission.REGISTRATIONS_WRITE)
def registration(key: str, number: int) -> Response:
    """Everything about one line of the list, and what can be done for the household."""
    session = session_to_change(key)
    comers = comers_of_session(db.session(), session.id)
    comer = next((each for each in comers if each.id == number and not each.is_group), None)
    if comer is None:
        raise NotFound(number)
    leave_trace(session.id, 1)
    network = _network(session, number)
    since = utc_now() - ORIGINS_KEPT
    page = render_template(
        "registration/registration.html",
        session=session,
        title=title_of(session),
        comer=comer,
        spoken=language(comer.language),
        waits_for=language(comer.slot_language) if comer.slot_language else None,
        from_network=arrivals_since(db.session(), network, since).sign_ups if network else 0,
        many=MANY,
        has_ended=session.ends_at <= utc_now(),
        form=ConfirmForm(),
        section="activities_staff.activities",
    )
    return private(page)


@blueprint.route("/<language:language>/staff/sessions/<key>/registrations/<int:number>/people", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_WRITE)
def registration_people(key: str, number: int) -> Response:
    """Change for how many; what does not fit waits. An individual time is for one."""
    session, found = _found(key, number)
    if session.slot_minutes is not None:
        raise NotFound(number)
    form = _people_form(session, found)
    if not form.validate_on_submit():
        return _ask("registration/registration_people.html", session, found, form, most_people=MOST_PEOPLE)
    try:
        changed = change_by_staff(db.session(), require_actor(), found, session, form.people(), utc_now())
    except Refusal as refusal:
        form.adults.errors = [words_of(refusal)]
        return _ask("registration/registration_people.html", session, found, form, most_people=MOST_PEOPLE)
    if isinstance(changed, WaitingEntry):
        flash(_("There is no room for more. They keep what they have, and wait for the rest."), "wait")
    else:
        flash(_("Changed."))
    return _to_list(session)


@blueprint.route("/<language:language>/staff/sessions/<key>/registrations/<int:number>/move", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_WRITE)
def registration_move(key: str, number: int) -> Response:
    """Take places at another date and give these back; where that date is full, offer its queue."""
    session, found = _found(key, number)
    form = MoveForm(then=None)
    form.offer(sessions_to_move_to(db.session(), session, utc_now()))
    if not form.validate_on_submit():
        return _ask("registration/registration_move.html", session, found, form)
    target = session_by_key(db.session(), str(form.to.data))
    wait = form.then.data == "wait"
    try:
        _wait(found, session, target) if wait else _move(found, session, target)
    except SessionFull as full:
        left = {"full_at": target, "left": full.places_left}
        return _ask("registration/registration_move.html", session, found, form, status=409, **left)
    except Refusal as refusal:
        form.to.errors = [words_of(refusal)]
        return _ask("registration/registration_move.html", session, found, form)
    if wait:
        flash(_("They keep their places here, and wait for %(day)s.", day=day(target.starts_at)), "wait")
    else:
        flash(_moved_words(found, target))
    return _to_list(session)


@blueprint.route("/<language:language>/staff/sessions/<key>/registrations/<int:number>/cancel", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_WRITE)
def registration_cancel(key: str, number: int) -> Response:
    """Give the places back for the household, with or without a message."""
    session, found = _found(key, number)
    form = CancelPlacesForm()
    if not form.validate_on_submit():
        return _ask("registration/registration_cancel.html", session, found, form)
    told = form.told.data == "yes"
    try:
        cancel_by_staff(db.session(), require_actor(), found, session, utc_now(), told=told)
    except Refusal as refusal:
        form.told.errors = [words_of(refusal)]
        return _ask("registration/registration_cancel.html", session, found, form)
    flash(_("Their places are given back."))
    return _to_list(session)


@blueprint.post("/<language:language>/staff/sessions/<key>/registrations/<int:number>/leave-queue")
@requires(Permission.REGISTRATIONS_WRITE)
def registration_leave_queue(key: str, number: int) -> Response:
    """Take the household out of the queue."""
    session = session_to_change(key)
    leave_queue_by_staff(db.session(), require_actor(), entry_at(db.session(), session.id, number), session, utc_now())
    flash(_("They are out of the queue."))
    return _to_list(session)


def _found(key: str, number: int) -> tuple[Session, Registration]:
    session = session_to_change(key)
    return session, registration_at(db.session(), session.id, number)


def _network(session: Session, number: int) -> str | None:
    try:
        return network_of_registration(db.session(), registration_at(db.session(), session.id, number))
    except NotFound:
        return None


def _people_form(session: Session, found: Registration) -> PeopleForm:
    form = PeopleForm()
    form.ask_for(session)
    if request.method != "POST":
        for name in ("adults", "children", "children_0_6", "children_7_12", "children_13_17"):
            if name in form:
                form[name].data = getattr(found, name)
    return form


def _move(found: Registration, session: Session, target: Session) -> None:
    move_by_staff(db.session(), require_actor(), found, session, target, card_key(), utc_now(), told=True)


def _wait(found: Registration, session: Session, target: Session) -> None:
    queue_by_staff(db.session(), require_actor(), found, session, target, card_key(), utc_now())


def _moved_words(found: Registration, target: Session) -> str:
    household = found.household
    if household.email or household.phone:
        return str(_("They are moved to %(day)s, and get a message.", day=day(target.starts_at)))
    return str(_("They are moved to %(day)s. They gave no contact: tell them yourself.", day=day(target.starts_at)))


def _ask(
    template: str, session: Session, found: Registration, form: Any, *, status: int | None = None, **values: object
) -> Response:
    leave_trace(session.id, 1)
    page = render_template(
        template,
        session=session,
        title=title_of(session),
        found=found,
        form=form,
        free=free_places(session.places),
        section="activities_staff.activities",
        **values,
    )
    return private(page, status or (422 if form.errors else 200))


def _to_list(session: Session) -> Response:
    return redirect(url_for("registration_staff.registrations", key=session.key), 303)
