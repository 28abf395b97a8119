"""Who asked for a stand at a fair, and the answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.queries import possible_partners
from integration.activities.rules import title_of
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.organisations.models import Organisation, OrganisationKind
from integration.registration.forms import ConfirmForm, StandAnswerForm
from integration.registration.models import Stand, StandState
from integration.registration.queries.groups import stand_of, stands_of_session
from integration.registration.routes.blueprint import private
from integration.registration.services.stands import confirm_stand, decline_stand
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires

NEW = 0
KINDS = {
    OrganisationKind.ASSOCIATION: _l("Association"),
    OrganisationKind.EMPLOYER: _l("Employer"),
    OrganisationKind.EDUCATION: _l("School or college"),
    OrganisationKind.AUTHORITY: _l("Authority"),
    OrganisationKind.OTHER: _l("Something else"),
}


@blueprint.get("/<language:language>/staff/sessions/<key>/stands")
@requires(Permission.REGISTRATIONS_READ)
def stands(key: str) -> Response:
    """Who asked for a stand, with whom to talk to; reading it leaves a trace."""
    session = own_session(key)
    found = stands_of_session(db.session(), session.id)
    leave_trace(session.id, len(found))
    page = render_template(
        "registration/stands.html",
        session=session,
        title=title_of(session),
        stands=found,
        states=StandState,
        form=ConfirmForm(),
    )
    return private(page)


@blueprint.route("/<language:language>/staff/sessions/<key>/stands/<int:stand_id>", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def stand_confirm(key: str, stand_id: int) -> Response:
    """Say which organisation asks, and that there is a stand for it."""
    session = own_session(key)
    found = stand_of(db.session(), session.id, stand_id)
    form = _answer_form(found)
    if form.validate_on_submit():
        chosen = form.organisation_id.data or None
        kind = OrganisationKind(form.kind.data)
        confirm_stand(db.session(), require_actor(), found, session, chosen, kind, utc_now())
        flash(_("The stand is confirmed. At closing, say whether they were there."))
        return redirect(url_for("registration_staff.stands", key=key), 303)
    leave_trace(session.id, 1)
    page = render_template(
        "registration/stand_confirm.html", session=session, title=title_of(session), stand=found, form=form
    )
    return private(page, 422 if form.errors else 200)


@blueprint.post("/<language:language>/staff/sessions/<key>/stands/<int:stand_id>/decline")
@requires(Permission.SESSIONS_WRITE)
def stand_decline(key: str, stand_id: int) -> Response:
    """Say that there is no stand for them."""
    session = own_session(key)
    decline_stand(db.session(), require_actor(), stand_of(db.session(), session.id, stand_id), session, utc_now())
    flash(_("The stand is declined."))
    return redirect(url_for("registration_staff.stands", key=key), 303)


def _answer_form(stand: Stand) -> StandAnswerForm:
    """The form; an organisation of the same name is proposed."""
    known = possible_partners(db.session(), {stand.organisation_id or 0})
    form = StandAnswerForm(organisation_id=stand.organisation_id or _of_that_name(known, stand.organisation_name or ""))
    named = sorted((localize(each.name, current_code()).text, each.id) for each in known)
    form.organisation_id.choices = [
        SelectChoice(NEW, _("A new one, by the name that they wrote")),
        *(SelectChoice(organisation_id, name) for name, organisation_id in named),
    ]
    form.kind.choices = [SelectChoice(kind.value, word) for kind, word in KINDS.items()]
    return form


def _of_that_name(known: list[Organisation], name: str) -> int:
    same = name.casefold().strip()
    return next((each.id for each in known if same in {text.casefold() for text in each.name.values()}), NEW)
