"""The blueprint of registration's pages, and what all of them need to know of the request."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response
from flask import session as cookie
from werkzeug.wrappers import Response

from integration.accounts.routes import COOKIE_KEY
from integration.registration.cards import Codes, derived_codes
from integration.registration.models import Card
from integration.web.headers import keep_private

blueprint = Blueprint("registration", __name__)
REMEMBERED = "card"
"""Where the phone's cookie keeps the link secret of the household that signed up with it first."""


def card_key() -> str:
    """The key outside the database that cards' codes are derived from."""
    return str(current_app.extensions["settings"].card_key)


def codes_of(card: Card) -> Codes:
    """The codes of a card, for its own household's page only."""
    return derived_codes(card_key(), card.id, card.issue)


def remembered_secret() -> str | None:
    """The link secret that this phone remembers; never on a staff desk, where it would be somebody else's."""
    if COOKIE_KEY in cookie:
        return None
    secret = cookie.get(REMEMBERED)
    return str(secret) if secret else None


def remember(secret: str) -> None:
    """Let this phone sign the same household up again; the household that was there first stays."""
    if COOKIE_KEY not in cookie and REMEMBERED not in cookie:
        cookie[REMEMBERED] = secret
        cookie.permanent = True


def private(page: Any, status: int = 200) -> Response:
    """A page opened by a secret: no copy, no trace, no search result."""
    response = make_response(page, status)
    return keep_private(response)
