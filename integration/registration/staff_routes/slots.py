"""The individual times of a session with who has them; those that nobody has can be changed and taken away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session, Slot
from integration.activities.rules import title_of
from integration.i18n.dates import time_range
from integration.i18n.languages import language
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.registration.forms import SlotsForm
from integration.registration.queries.slots import booked_slots, kept_slots, without_time
from integration.registration.routes.blueprint import private
from integration.registration.services.slots import let_advisers_speak, remove_slots
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/times", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def slots(key: str) -> Response:
    """Who comes when, to which desk: personal data, so reading it leaves a trace."""
    session = own_session(key)
    form = SlotsForm()
    if form.validate_on_submit():
        _do(session, form)
        return redirect(url_for("registration_staff.slots", key=key), 303)
    rows = booked_slots(db.session(), session.id)
    kept = kept_slots(db.session(), session.id) if session.places.offered else {}
    leave_trace(session.id, sum(1 for each in rows if each.registration or each.slot.id in kept))
    free = [each.slot for each in rows if not each.registration and each.slot.id not in kept]
    form.chosen.choices = [SelectChoice(slot.id, _words(slot)) for slot in free]
    page = render_template(
        "registration/slots.html",
        session=session,
        title=title_of(session),
        rows=rows,
        kept=kept,
        spoken={each.slot.language: language(each.slot.language) for each in rows},
        without=without_time(db.session(), session.id),
        form=form,
    )
    return private(page, 422 if form.errors else 200)


def _do(session: Session, form: SlotsForm) -> None:
    actor, now, chosen = require_actor(), utc_now(), form.chosen.data or []
    if request.form.get("do") == "remove":
        done = remove_slots(db.session(), actor, session, chosen, now)
        flash(ngettext("%(num)s time is taken away.", "%(num)s times are taken away.", done))
        return
    let_advisers_speak(db.session(), actor, session, chosen, form.spoken.data, now)
    flash(_("Saved."))


def _words(slot: Slot) -> str:
    times = time_range(slot.starts_at, slot.ends_at)
    words = _("%(times)s, desk %(desk)s", times=times, desk=slot.desk)
    return f"{words}, {language(slot.language).name}"
