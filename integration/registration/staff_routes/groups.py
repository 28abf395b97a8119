"""Groups that come to a session, for those who receive them: who answers for each, how many, and giving back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.errors import SessionFull
from integration.activities.rules import title_of
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.registration.errors import NotAnybody, SessionPast
from integration.registration.forms import ConfirmForm, GroupNumberForm
from integration.registration.queries.groups import group_of, groups_of_session
from integration.registration.routes.blueprint import private
from integration.registration.services.groups import cancel_group, change_group
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires


@blueprint.get("/<language:language>/staff/sessions/<key>/groups")
@requires(Permission.REGISTRATIONS_READ)
def groups(key: str) -> Response:
    """The groups with their contacts; reading them leaves a trace."""
    session = own_session(key)
    found = groups_of_session(db.session(), session.id)
    leave_trace(session.id, len(found))
    page = render_template(
        "registration/groups.html", session=session, title=title_of(session), groups=found, form=ConfirmForm()
    )
    return private(page)


@blueprint.route("/<language:language>/staff/sessions/<key>/groups/<int:group_id>", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def group(key: str, group_id: int) -> Response:
    """Change how many of a group come."""
    session = own_session(key)
    found = group_of(db.session(), session.id, group_id)
    form = GroupNumberForm(adults=found.adults, children=found.children)
    if form.validate_on_submit():
        numbers = {"adults": form.adults.data or 0, "children": form.children.data or 0}
        try:
            change_group(db.session(), require_actor(), found, session, now=utc_now(), **numbers)
        except SessionFull:
            form.adults.errors = [_("So many do not fit.")]
        except (NotAnybody, SessionPast):
            form.adults.errors = [_("Write how many they are.")]
        else:
            flash(_("Saved."))
            return redirect(url_for("registration_staff.groups", key=key), 303)
    leave_trace(session.id, 1)
    page = render_template("registration/group_change.html", session=session, group=found, form=form)
    return private(page, 422 if form.errors else 200)


@blueprint.post("/<language:language>/staff/sessions/<key>/groups/<int:group_id>/cancel")
@requires(Permission.SESSIONS_WRITE)
def group_cancel(key: str, group_id: int) -> Response:
    """Give a group's places back."""
    session = own_session(key)
    try:
        cancel_group(db.session(), require_actor(), group_of(db.session(), session.id, group_id), session, utc_now())
    except SessionPast:
        flash(_("That session is over, so there is nothing to cancel."), "calm")
    else:
        flash(_("The group is cancelled. Its places are free."))
    return redirect(url_for("registration_staff.groups", key=key), 303)
