"""What is kept about a household: to read, and as a file for another machine."""

from __future__ import annotations

from flask import current_app, jsonify, render_template
from werkzeug.wrappers import Response

from integration.kernel.database import db
from integration.registration.forms import ConfirmForm
from integration.registration.queries import all_registrations, all_waiting, card_by_link
from integration.registration.queries.my_data import all_held, all_series, held_about, messages_to
from integration.registration.routes.blueprint import blueprint, private
from integration.registration.routes.message_words import KINDS
from integration.registration.rules import KEPT_DAYS
from integration.web.access import public
from integration.web.headers import keep_private


@blueprint.get("/<language:language>/cards/<secret>/data", endpoint="my_data")
@public
def my_data(secret: str) -> Response:
    """Everything that is kept about the household, and the button that deletes it."""
    card = card_by_link(db.session(), secret)
    page = render_template(
        "registration/my_data.html",
        card=card,
        secret=secret,
        registrations=all_registrations(db.session(), card.household_id),
        waiting=all_waiting(db.session(), card.household_id),
        series=all_series(db.session(), card.household_id),
        held=all_held(db.session(), card.household_id),
        messages=messages_to(db.session(), card.household_id),
        kinds=KINDS,
        kept_days=KEPT_DAYS,
        form=ConfirmForm(),
    )
    return private(page)


@blueprint.get("/<language:language>/cards/<secret>/data.json", endpoint="my_data_json")
@public
def my_data_json(secret: str) -> Response:
    """Everything that is kept about the household, for its own machine (GDPR article 20)."""
    card = card_by_link(db.session(), secret)
    response = jsonify(held_about(db.session(), card.household_id, current_app.extensions["holdings"]))
    response.headers["Content-Disposition"] = 'attachment; filename="delaktig.json"'
    return keep_private(response)
