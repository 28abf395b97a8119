"""The address in a card's QR: for door staff the way to today's doors, for anyone else the coming visits."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db, own_transaction
from integration.kernel.errors import NotFound
from integration.kernel.events import publish
from integration.kernel.rate_limits import Limit, count_attempt, network_of
from integration.registration.cards import normalized
from integration.registration.events import LinkRequested
from integration.registration.forms import ConfirmForm
from integration.registration.queries import card_by_pass, coming_registrations, doors_on
from integration.registration.routes.blueprint import blueprint, private
from integration.registration.routes.rows import rows_of
from integration.web.access import public

LINKS_PER_CARD = Limit("own_link_card", 3, timedelta(days=1))
LINKS_PER_NETWORK = Limit("own_link_network", 60, timedelta(hours=1))


@blueprint.get("/C/<code>", endpoint="pass_page")
@blueprint.get("/c/<code>", endpoint="pass_page_small")
@public
def pass_page(code: str) -> Response:
    """What a phone's camera opens: no name, no contact, no online link, and nothing changes."""
    now = utc_now()
    try:
        card = card_by_pass(db.session(), normalized(code))
    except NotFound:
        return private(render_template("registration/unknown_code.html"), 404)
    visits = coming_registrations(db.session(), card.household_id, now)
    actor = current_actor()
    if actor is None or not actor.can(Permission.DOOR_OPEN):
        return private(
            render_template("registration/pass_page.html", rows=rows_of(visits), code=code, form=ConfirmForm())
        )
    doors = doors_on(db.session(), local_date(now), actor.organisations(Permission.DOOR_OPEN))
    expected = {session.id: registration for registration, session in visits}
    return private(
        render_template("registration/pass_for_staff.html", rows=rows_of(visits), doors=doors, expected=expected)
    )


@blueprint.post("/C/<code>/link", endpoint="send_link")
@public
def send_link(code: str) -> Response:
    """Send the household's own link to the contact that is stored; the answer never says whether there is one."""
    now = utc_now()
    with own_transaction() as connection:  # before the request touches the database: it has one writer
        count_attempt(connection, LINKS_PER_CARD, normalized(code), now)
        count_attempt(connection, LINKS_PER_NETWORK, network_of(request.remote_addr), now)
    card = card_by_pass(db.session(), normalized(code))
    publish(db.session(), LinkRequested(card.household_id, now))
    flash(_("If we have an e-mail or phone number for this card, the link is on its way there."))
    return redirect(url_for("registration.pass_page", code=code), 303)
