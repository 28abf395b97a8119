"""Self check-in: whoever has scanned the code on the screen or poster says how many they are."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import CodeNotUsable
from integration.checkin.forms import HereForm
from integration.checkin.queries.self_check_in import session_of_code
from integration.checkin.routes.blueprint import blueprint, card_key
from integration.checkin.rules import SELF_CHECK_INS_PER_NETWORK, People
from integration.checkin.services.self_check_in import mark_themselves, marked_before
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db, own_transaction
from integration.kernel.rate_limits import count_attempt, network_of
from integration.kernel.tokens import random_token
from integration.web.access import public
from integration.web.headers import keep_private

PHONE = "phone"
"""Where the cookie keeps the random name of this phone, so that it counts once."""


@blueprint.get("/h/<secret>", endpoint="here_short")
@public
def here_short(secret: str) -> Response:
    """What the code holds: lead on to the page in the phone's language."""
    return keep_private(redirect(url_for("checkin.here", language=current_code(), secret=secret.upper())))  # type: ignore[arg-type]


@blueprint.get("/<language:language>/here/<secret>", endpoint="here")
@public
def here(secret: str) -> Response:
    """How many are you? Opening it counts nobody; a dead code tells nothing of any session."""
    session = session_of_code(db.session(), secret, utc_now())
    if session is None:
        return _dead()
    said = marked_before(db.session(), session.id, _phone(), card_key())
    form = HereForm(adults=said.adults if said.total else 1, children=said.children)
    return _page(session, form, said)


@blueprint.post("/<language:language>/here/<secret>", endpoint="mark_here")
@public
def mark_here(secret: str) -> Response:
    """Count the people of this phone, or correct their number."""
    now = utc_now()
    with own_transaction() as connection:
        count_attempt(connection, SELF_CHECK_INS_PER_NETWORK, network_of(request.remote_addr), now)
    form = HereForm()
    session = session_of_code(db.session(), secret, now)
    if session is None:
        return _dead()
    people = People(form.adults.data or 0, form.children.data or 0)
    valid = form.validate_on_submit()
    if valid and not people.total:
        form.adults.errors = [_("Choose how many you are.")]
    if not valid or not people.total:
        return _page(session, form, People(), 422)
    try:
        mark_themselves(db.session(), secret, _phone(), people, card_key(), now)
    except CodeNotUsable:
        return _dead()
    return keep_private(redirect(url_for("checkin.here_thanks", secret=secret), 303))  # type: ignore[arg-type]


@blueprint.get("/<language:language>/here/<secret>/thanks", endpoint="here_thanks")
@public
def here_thanks(secret: str) -> Response:
    """They are counted: how many, and the way to correct it."""
    session = session_of_code(db.session(), secret, utc_now())
    said = marked_before(db.session(), session.id, _phone(), card_key()) if session else People()
    if session is None or not said.total:
        return _dead() if session is None else _again(secret)
    page = render_template(
        "checkin/here_thanks.html", session=session, title=title_of(session), said=said, secret=secret
    )
    return keep_private(make_response(page))


def _again(secret: str) -> Response:
    return keep_private(redirect(url_for("checkin.here", secret=secret)))  # type: ignore[arg-type]


def _page(session: Session, form: HereForm, said: People, status: int = 200) -> Response:
    page = render_template("checkin/here.html", session=session, title=title_of(session), form=form, said=said)
    return keep_private(make_response(page, status))


def _dead() -> Response:
    return keep_private(make_response(render_template("checkin/here_dead.html"), 404))


def _phone() -> str:
    """The name of this phone: random, drawn when it first asks."""
    if PHONE not in cookie:
        cookie[PHONE] = random_token()
    return str(cookie[PHONE])
