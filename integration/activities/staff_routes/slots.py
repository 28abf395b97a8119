"""Staff make a session's individual times in one step; who has them is shown by registration."""

from __future__ import annotations

from datetime import datetime, time

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import services
from integration.activities.errors import SlotsCollide, SlotsNeedSignUp, SlotsOutside
from integration.activities.forms import SlotForm
from integration.activities.models import Session
from integration.activities.queries import sessions_without_slots
from integration.activities.rules import PlannedSlot, planned_slots, shifted, title_of
from integration.activities.staff_routes.blueprint import Page, blueprint, own_session
from integration.activities.staff_routes.questions import Unclear
from integration.kernel.clock import local, utc_now
from integration.kernel.database import db
from integration.kernel.errors import Refusal
from integration.web.access import requires
from integration.web.fields import given


@blueprint.route("/<language:language>/staff/sessions/<key>/times/new", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def slots_new(key: str) -> Page:
    """Say how long one time is, which is the first and the last, and who speaks what: they are all made at once."""
    found = own_session(key)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form)
    try:
        made = _make(found, form)
    except Unclear:
        form.first_at.errors = [_("The clock is changed that night: choose another time.")]
        return _page(found, form)
    except (SlotsOutside, SlotsCollide, SlotsNeedSignUp) as refusal:
        form.last_at.errors = [_words(refusal)]
        return _page(found, form)
    flash(ngettext("%(num)s time is made.", "%(num)s times are made.", made))
    return redirect(url_for("registration_staff.slots", key=key), 303)


def _form(found: Session) -> SlotForm:
    form = SlotForm()
    form.offer()
    if not form.is_submitted():
        form.suggest(local(found.starts_at).time(), next(iter(found.languages), "sv"))
    return form


def _make(found: Session, form: SlotForm) -> int:
    """The times of this session, and the same ones, as long after the start, at the others to come."""
    planned = planned_slots(
        _moment(found, form.first_at.data),
        _moment(found, form.last_at.data),
        given(form.minutes.data),
        form.languages(),
    )
    actor, now = require_actor(), utc_now()
    made = services.plan_slots(db.session(), actor, found, planned, now=now)
    for other in sessions_without_slots(db.session(), found, now) if form.coming_too.data else ():
        made += services.plan_slots(db.session(), actor, other, _fitting(found, other, planned), now=now)
    return made


def _fitting(found: Session, other: Session, planned: tuple[PlannedSlot, ...]) -> tuple[PlannedSlot, ...]:
    """The times as they fall at another session; those that would begin or end outside it are left out."""
    moved = shifted(planned, other.starts_at - found.starts_at)
    return tuple(each for each in moved if each.starts_at >= other.starts_at and each.ends_at <= other.ends_at)


def _moment(found: Session, at: time | None) -> datetime:
    return services.moment_at(found.local_on, given(at))


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, SlotsNeedSignUp):
        return str(_("Individual times need sign-up. Change the session first."))
    if isinstance(refusal, SlotsOutside):
        return str(_("Every time must lie within the session."))
    return str(_("At one desk two times would overlap. Choose another start, or remove the old ones first."))


def _page(found: Session, form: SlotForm) -> tuple[str, int]:
    page = render_template(
        "activities/slots_new.html",
        form=form,
        session=found,
        title=title_of(found),
        section="activities_staff.activities",
    )
    return page, 422 if form.errors else 200
