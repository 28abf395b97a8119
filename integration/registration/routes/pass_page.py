"""The address in a card's QR: for door staff the way to today's doors, for anyone else the coming visits."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.registration.cards import normalized
from integration.registration.queries import card_by_pass, coming_registrations, doors_on
from integration.registration.routes.blueprint import blueprint, private
from integration.registration.routes.rows import rows_of
from integration.web.access import public


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
        return private(render_template("registration/pass_page.html", rows=rows_of(visits)))
    doors = doors_on(db.session(), local_date(now), actor.organisations(Permission.DOOR_OPEN))
    expected = {session.id: registration for registration, session in visits}
    return private(
        render_template("registration/pass_for_staff.html", rows=rows_of(visits), doors=doors, expected=expected)
    )
