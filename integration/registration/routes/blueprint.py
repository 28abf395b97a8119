"""The blueprint of registration's pages, and what all of them need to know of the request."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, make_response, request
from flask import session as cookie
from werkzeug.wrappers import Response

from integration.accounts.routes import COOKIE_KEY
from integration.kernel.errors import NotFound
from integration.kernel.rate_limits import network_digest
from integration.registration.cards import Codes, derived_codes
from integration.registration.models import Card
from integration.registration.rules.phones import MOST_REMEMBERED, REMEMBERED, remembered_in
from integration.web.headers import keep_private

blueprint = Blueprint("registration", __name__)


def card_key() -> str:
    """The key outside the database that cards' codes are derived from."""
    return str(current_app.extensions["settings"].card_key)


def network_here(now: datetime) -> str | None:
    """From which network this request comes, as a digest that changes every day; None where that says nothing."""
    return network_digest(str(current_app.extensions["settings"].secret_key), request.remote_addr, now)


def codes_of(card: Card) -> Codes:
    """The codes of a card, for its own household's page only."""
    return derived_codes(card_key(), card.id, card.issue)


def remembered_secrets() -> list[str]:
    """The link secrets that this phone remembers, the first household's first; none on a staff desk, ever."""
    if COOKIE_KEY in cookie:
        return []
    return remembered_in(cookie.get(REMEMBERED))


def remember(secret: str) -> None:
    """Let this phone sign the same household up again, if it remembers none: the household that was first stays."""
    if not remembered_secrets():
        remember_too(secret)


def remember_too(secret: str) -> None:
    """Let this phone remember one more household, which has said that it may."""
    if COOKIE_KEY not in cookie:
        _keep([*remembered_secrets(), secret])


def forget_on_phone(secret: str) -> None:
    """Let this phone forget one household; its card and places stay."""
    _keep([each for each in remembered_secrets() if each != secret])


def replace_on_phone(old: str, new: str) -> None:
    """A phone that remembered a card remembers the one that replaced it."""
    _keep([new if each == old else each for each in remembered_secrets()])


def forget_dead(living: list[str]) -> None:
    """Cards that were replaced or deleted elsewhere need no place on this phone."""
    if COOKIE_KEY not in cookie and len(living) < len(remembered_secrets()):
        _keep(living)


def _keep(secrets: list[str]) -> None:
    """Write the cookie: the latest few, each once."""
    kept = list(dict.fromkeys(secrets))[:MOST_REMEMBERED]
    if kept:
        cookie[REMEMBERED] = " ".join(kept)
        cookie.permanent = True
    else:
        cookie.pop(REMEMBERED, None)


def number_of(text: str) -> int:
    """The number of a row, as an address or a form says it; raises NotFound where it is none."""
    if not re.fullmatch("[0-9]{1,19}", text) or int(text) >= 2**63:
        raise NotFound
    return int(text)


def private(page: Any, status: int = 200) -> Response:
    """A page opened by a secret: no copy, no trace, no search result."""
    response = make_response(page, status)
    return keep_private(response)
