"""Buttons of one session: cancel, restore, close and open sign-up."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities import services
from integration.activities.forms import ConfirmForm
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.activities.staff_routes.blueprint import Page, blueprint, form_page, own_session
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/cancel", methods=["GET", "POST"])
@requires(Permission.SESSIONS_WRITE)
def session_cancel(key: str) -> Page:
    """Ask once, then cancel: at once and whatever is missing."""
    found = own_session(key)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return form_page("activities/session_cancel.html", form, session=found, title=title_of(found))
    services.cancel_session(db.session(), require_actor(), found, now=utc_now())
    return _back(found, _("The session is cancelled. It stays visible as cancelled."))


@blueprint.post("/<language:language>/staff/sessions/<key>/restore")
@requires(Permission.SESSIONS_WRITE)
def session_restore(key: str) -> Response:
    """Take back a cancellation."""
    found = own_session(key)
    services.restore_session(db.session(), require_actor(), found, now=utc_now())
    return _back(found, _("The session will be held after all."))


@blueprint.post("/<language:language>/staff/sessions/<key>/sign-up/close")
@requires(Permission.SESSIONS_WRITE)
def sign_up_close(key: str) -> Response:
    """Take no more sign-ups."""
    found = own_session(key)
    services.close_sign_up(db.session(), require_actor(), found, now=utc_now())
    return _back(found, _("Sign-up is closed. Those who signed up keep their places."))


@blueprint.post("/<language:language>/staff/sessions/<key>/sign-up/open")
@requires(Permission.SESSIONS_WRITE)
def sign_up_open(key: str) -> Response:
    """Take sign-ups again."""
    found = own_session(key)
    services.open_sign_up(db.session(), require_actor(), found, now=utc_now())
    return _back(found, _("Sign-up is open."))


def _back(found: Session, words: str) -> Response:
    flash(words)
    return redirect(url_for("activities_staff.session", key=found.key), 303)
