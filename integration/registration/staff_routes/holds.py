"""Floods of sign-ups that are held: looked at in one place, accepted or removed in one action."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.registration.forms import ConfirmForm
from integration.registration.models import HeldSignUp, Hold
from integration.registration.queries.comers import registration_at
from integration.registration.queries.holds import held_of_hold, hold_by_id, network_of_registration
from integration.registration.routes.blueprint import card_key, private
from integration.registration.services import holding
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, session_to_change
from integration.web.access import requires

FIRST = 50
"""So many are listed; a flood is told by its numbers, not by its names."""


@blueprint.get("/<language:language>/staff/held/<int:hold_id>")
@requires(Permission.REGISTRATIONS_WRITE)
def hold(hold_id: int) -> Response:
    """What is held, by session, with the first of the names."""
    found, held = _own(hold_id)
    for session_id in {each.session_id for each in held}:
        leave_trace(session_id, sum(each.session_id == session_id for each in held))
    page = render_template(
        "registration/hold.html",
        hold=found,
        held=held[:FIRST],
        sign_ups=len(held),
        people=sum(each.adults + each.children for each in held),
        sessions=_by_session(held),
        form=ConfirmForm(),
        section="activities_staff.activities",
    )
    return private(page)


@blueprint.post("/<language:language>/staff/held/<int:hold_id>/accept")
@requires(Permission.REGISTRATIONS_WRITE)
def accept_hold(hold_id: int) -> Response:
    """They are a crowd: all of them count, those without room wait."""
    found, held = _own(hold_id)
    taken = holding.accept_held(db.session(), require_actor(), found, held, card_key(), utc_now())
    flash(ngettext("%(num)s sign-up has places now.", "%(num)s sign-ups have places now.", taken))
    return _back(held)


@blueprint.post("/<language:language>/staff/held/<int:hold_id>/remove")
@requires(Permission.REGISTRATIONS_WRITE)
def remove_hold(hold_id: int) -> Response:
    """It is a flood: all of it goes, and nobody is written to."""
    found, held = _own(hold_id)
    holding.remove_held(db.session(), require_actor(), found, held, utc_now())
    flash(ngettext("%(num)s sign-up is removed.", "%(num)s sign-ups are removed.", len(held)))
    return _back(held)


@blueprint.post("/<language:language>/staff/sessions/<key>/registrations/<int:number>/hold")
@requires(Permission.REGISTRATIONS_WRITE)
def hold_network(key: str, number: int) -> Response:
    """It looks wrong to staff: hold what else is new from the same network."""
    session = session_to_change(key)
    network = network_of_registration(db.session(), registration_at(db.session(), session.id, number))
    if network is None:
        raise NotFound(number)
    found = holding.hold_network(db.session(), require_actor(), network, utc_now())
    return redirect(url_for("registration_staff.hold", hold_id=found.id), 303)


def _own(hold_id: int) -> tuple[Hold, list[HeldSignUp]]:
    """The flood, and of it what came to sessions of the actor's organisations; NotFound if that is nothing."""
    found = hold_by_id(db.session(), hold_id)
    held = held_of_hold(db.session(), hold_id, require_actor().organisations(Permission.REGISTRATIONS_WRITE))
    if not held:
        raise NotFound(hold_id)
    return found, held


def _by_session(held: list[HeldSignUp]) -> list[dict[str, object]]:
    sessions = {each.session_id: each.session for each in held}
    return [
        {
            "session": session,
            "sign_ups": sum(each.session_id == number for each in held),
            "people": sum(each.adults + each.children for each in held if each.session_id == number),
        }
        for number, session in sorted(sessions.items(), key=lambda pair: pair[1].starts_at)
    ]


def _back(held: list[HeldSignUp]) -> Response:
    return redirect(url_for("registration_staff.registrations", key=held[0].session.key), 303)
