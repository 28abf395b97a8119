"""The short address that an SMS can carry."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from integration.kernel.database import db
from integration.registration.queries import card_by_link
from integration.registration.routes.blueprint import blueprint, private
from integration.web.access import public


@blueprint.get("/k/<secret>", endpoint="short_link")
@public
def short_link(secret: str) -> Response:
    """Lead on to the household's own page in its language."""
    card = card_by_link(db.session(), secret)
    address = url_for("registration.card_page", language=card.household.language, secret=secret.upper())
    return private(redirect(address), 302)
