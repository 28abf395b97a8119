"""Adding a household that rings or stands at the desk."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.errors import SessionFull
from integration.activities.models import Session
from integration.activities.rules import free_places, title_of
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import Refusal
from integration.registration.cards import shown
from integration.registration.forms.staff_forms import AddForm
from integration.registration.routes.blueprint import card_key, codes_of, private
from integration.registration.rules import MOST_PEOPLE
from integration.registration.services import SignedUp
from integration.registration.services.by_staff import add_by_staff
from integration.registration.staff_routes.blueprint import blueprint, session_to_change
from integration.registration.staff_routes.refusals import words_of
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/registrations/add", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_WRITE)
def add(key: str) -> Response:
    """A name and how many; a contact only if they want one. Where it is full the page says so, and what can be done."""
    session = session_to_change(key)
    form = _form(session)
    if request.method != "POST":
        return _page(session, form)
    if not form.validate_on_submit():
        return _page(session, form, status=422)
    try:
        made = _add(session, form)
    except Refusal as refusal:
        return _page(session, form, refusal=refusal, status=409)
    return _done(session, made)


def _form(session: Session) -> AddForm:
    form = AddForm(then=None)
    form.ask_for(session, current_app.extensions["settings"].languages)
    if request.method != "POST":
        form.renew_token()
        form.language.data = current_code()
    return form


def _add(session: Session, form: AddForm) -> SignedUp:
    return add_by_staff(
        db.session(),
        require_actor(),
        session,
        **form.answers(),
        people=form.people(),
        language=form.language.data,
        may_wait=form.may_wait,
        beyond=form.beyond,
        card_key=card_key(),
        now=utc_now(),
    )


def _page(session: Session, form: AddForm, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    free = free_places(session.places)
    page = render_template(
        "registration/add.html",
        session=session,
        title=title_of(session),
        form=form,
        free=free,
        no_room=isinstance(refusal, SessionFull) or free == 0 or session.places.waiting > 0,
        refusal=None if refusal is None or isinstance(refusal, SessionFull) else words_of(refusal),
        people=form.people().total,
        most_people=MOST_PEOPLE,
        section="activities_staff.activities",
    )
    return private(page, status)


def _done(session: Session, made: SignedUp) -> Response:
    """Say the code to the household: it opens the door, and no page."""
    code = shown(codes_of(made.card).short_code)
    if made.registration is None:
        flash(_("They are in the queue. The code for the door, when there is room: %(code)s", code=code), "wait")
    else:
        flash(_("They are signed up. The code for the door: %(code)s", code=code))
    return redirect(url_for("registration_staff.registrations", key=session.key), 303)
