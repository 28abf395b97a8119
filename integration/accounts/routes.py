"""Signing in and out, and the reader's permissions for every other endpoint."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.errors import NotPermitted, WrongCredentials
from integration.accounts.forms import SignInForm
from integration.accounts.queries import signed_in_actor
from integration.accounts.rules import SIGN_IN_PER_ADDRESS, SIGN_IN_PER_NETWORK, Actor, Permission, own_path
from integration.accounts.services import sign_in, sign_out
from integration.kernel.clock import utc_now
from integration.kernel.database import db, own_transaction
from integration.kernel.rate_limits import count_attempt, network_of
from integration.web.access import public
from integration.web.errors import answer

blueprint = Blueprint("accounts", __name__)
COOKIE_KEY = "sign_in"


def current_actor() -> Actor | None:
    """The signed-in member of staff behind this request, read once; a page without the cookie asks no database."""
    if "actor" not in g:
        token = session.get(COOKIE_KEY)
        g.actor = signed_in_actor(db.session(), token, utc_now()) if token else None
    actor: Actor | None = g.actor
    return actor


def require_actor() -> Actor:
    """The actor of an endpoint that ``requires`` a permission."""
    actor = current_actor()
    if actor is None:
        abort(401)
    return actor


def authorize(permission: Any) -> Any:
    """Let those pass who hold the permission somewhere; send strangers to sign in, refuse the rest."""
    actor = current_actor()
    if actor is None:
        if request.method == "GET" and not request.path.startswith("/api/"):
            return redirect(url_for("accounts.sign_in_page", onward=request.full_path.rstrip("?")))
        abort(401)
    if not actor.can(Permission(permission)):
        abort(403)
    return None


def template_context() -> dict[str, Any]:
    """The actor, for navigation."""
    return {"actor": current_actor() if session.get(COOKIE_KEY) else None}


@blueprint.route("/<language:language>/sign-in", methods=["GET", "POST"], endpoint="sign_in_page")
@public
def sign_in_page() -> Any:
    """Sign in with e-mail and password; attempts are limited per address and per network."""
    form = SignInForm(onward=request.args.get("onward", ""))
    if request.method == "POST":
        _count_attempts(form.email.data or "")
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), (422 if form.errors else 200)
    try:
        token = sign_in(db.session(), form.email.data or "", form.password.data or "", now=utc_now())
    except WrongCredentials:
        form.email.errors = [_("The e-mail or the password is not right. Check both and try again.")]
        return render_template("accounts/sign_in.html", form=form), 422
    sign_out(db.session(), session.get(COOKIE_KEY, ""), now=utc_now())
    session.clear()
    session[COOKIE_KEY] = token
    return redirect(own_path(form.onward.data) or url_for("checkin_staff.today"))


@blueprint.post("/<language:language>/sign-out", endpoint="sign_out_page")
@public
def sign_out_page() -> Response:
    """End this browser's sign-in."""
    sign_out(db.session(), session.get(COOKIE_KEY, ""), now=utc_now())
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in_page"))


@blueprint.app_errorhandler(NotPermitted)
def _not_permitted(_refusal: NotPermitted) -> Response:
    """Whatever a verb refuses for want of a role, said the same way everywhere."""
    return answer(403)


def _count_attempts(email: str) -> None:
    with own_transaction() as connection:
        count_attempt(connection, SIGN_IN_PER_ADDRESS, email.strip().lower(), utc_now())
        count_attempt(connection, SIGN_IN_PER_NETWORK, network_of(request.remote_addr), utc_now())
