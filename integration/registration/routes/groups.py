"""Signing a group up, and asking for a stand at a fair: two quiet ways in beside the form for households."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionKind
from integration.activities.queries import is_reachable, session_by_key
from integration.activities.rules import seats_left, title_of
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.kernel.rate_limits import TooManyAttempts
from integration.registration.forms import GroupForm, StandForm
from integration.registration.models import GroupRegistration
from integration.registration.routes.blueprint import blueprint, network_here, private
from integration.registration.rules import KEPT_DAYS, Situation, situation
from integration.registration.services.crowds import require_no_crowd
from integration.registration.services.groups import register_group
from integration.registration.services.stands import ask_for_stand, require_stands
from integration.web.access import public


def takes_groups(session: Session) -> bool:
    """Whether the session's page shows the way in for groups."""
    return session.slot_minutes is None and situation(session, utc_now()) == Situation.OPEN


def takes_stands(session: Session) -> bool:
    """Whether the session's page shows the way in for those who want a stand."""
    try:
        require_stands(session, utc_now())
    except Refusal:
        return False
    return session.kind == SessionKind.FAIR


@blueprint.route("/<language:language>/sessions/<key>/group", methods=["GET", "POST"])
@public
def group_sign_up(key: str) -> Response:
    """A group by number, with somebody who answers for it."""
    session, form = _session(key), GroupForm()
    if request.method != "POST":
        form.renew_token()
    if not takes_groups(session):
        return redirect(url_for("registration.session_page", key=key), 303)
    if not form.validate_on_submit():
        return _page("registration/group.html", session, form, 422 if form.errors else 200)
    try:
        group = _register(session, form)
    except TooManyAttempts as refusal:
        return _page("registration/group.html", session, form, 429, refusal.retry_after)
    except SessionFull as refusal:
        form.adults.errors = [_too_many(refusal.places_left)]
        return _page("registration/group.html", session, form, 409)
    except Refusal:
        return redirect(url_for("registration.session_page", key=key), 303)
    people = group.adults + group.children
    flash(ngettext("The group has its place.", "The group has its %(num)s places.", people))
    return redirect(url_for("registration.session_page", key=key), 303)


@blueprint.route("/<language:language>/sessions/<key>/stand", methods=["GET", "POST"])
@public
def stand_ask(key: str) -> Response:
    """An association or employer asks for a stand."""
    session, form = _session(key), StandForm()
    if request.method != "POST":
        form.renew_token()
    if not takes_stands(session):
        return redirect(url_for("registration.session_page", key=key), 303)
    if not form.validate_on_submit():
        return _page("registration/stand.html", session, form, 422 if form.errors else 200)
    try:
        _ask(session, form)
    except TooManyAttempts as refusal:
        return _page("registration/stand.html", session, form, 429, refusal.retry_after)
    flash(_("Thank you for asking. We will tell you whether there is a stand for you."))
    return redirect(url_for("registration.session_page", key=key), 303)


def _session(key: str) -> Session:
    session = session_by_key(db.session(), key)
    if not is_reachable(session):
        raise NotFound(key)
    return session


def _ask(session: Session, form: StandForm) -> None:
    now = utc_now()
    require_no_crowd(db.session(), network_here(now), now)
    ask_for_stand(
        db.session(),
        session,
        name=form.name.data or "",
        contact_role=form.contact_role.data or "",
        phone=form.phone_number,
        email=form.email_address,
        needs=form.help.data,
        language=current_code(),
        form_token=form.form_token.data or "",
        now=now,
    )


def _register(session: Session, form: GroupForm) -> GroupRegistration:
    now = utc_now()
    require_no_crowd(db.session(), network_here(now), now)
    return register_group(
        db.session(),
        session,
        **form.answers(),
        contact_name=form.contact_name.data or "",
        adults=form.adults.data or 0,
        children=form.children.data or 0,
        language=current_code(),
        now=now,
    )


def _too_many(left: int) -> str:
    if not left:
        return str(_("The session is full. Choose another day, or ask us."))
    return str(ngettext("Only %(num)s place is left.", "Only %(num)s places are left.", left))


def _page(
    template: str, session: Session, form: GroupForm | StandForm, status: int, retry_after: int | None = None
) -> Response:
    page = render_template(
        template,
        session=session,
        title=title_of(session),
        form=form,
        places_left=seats_left(session.places),
        kept_days=KEPT_DAYS,
        is_crowd=retry_after is not None,
    )
    response = private(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
