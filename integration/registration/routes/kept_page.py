"""A session's page kept in memory for strangers: most visitors see the same page, and drawing it costs most.

Nothing goes stale: every request reads, in one statement, everything that the page says, and the kept page is
used only while the facts are equal and the session has not ended. What differs between two visitors are two
tokens of the form; their places are left open in the kept page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from integration.accounts.routes import COOKIE_KEY
from integration.i18n.routing import current_code
from integration.kernel.tokens import random_token
from integration.registration.routes.blueprint import REMEMBERED

MOST_PAGES = 256
"""About 20 kB each: five megabytes in a worker."""
Facts = tuple[Any, ...]


@dataclass(frozen=True)
class KeptPage:
    """A page in pieces: between them stand the one-time token and the proof that the page itself sent the form."""

    facts: Facts
    until: datetime
    pieces: tuple[str, ...]
    tokens: tuple[str, ...]

    def drawn(self) -> str:
        """The page with this visitor's tokens."""
        fresh = {"csrf": generate_csrf, "form": random_token}
        parts = [self.pieces[0]]
        for token, piece in zip(self.tokens, self.pieces[1:], strict=True):
            parts += [fresh[token](), piece]
        return "".join(parts)


def is_for_a_stranger() -> bool:
    """Whether nothing in the page belongs to this visitor: no card, no sign-in, no message, a plain address."""
    if request.method == "POST" or request.query_string:
        return False
    return not any(mine in cookie for mine in (COOKIE_KEY, REMEMBERED, "_flashes"))


def kept_page(key: str, facts: Facts, now: datetime) -> KeptPage | None:
    """The kept page of this session in this language, if it still says what is true."""
    found = _pages().get((current_code(), key))
    return found if found and found.facts == facts and now < found.until else None


def keep_page(key: str, facts: Facts, until: datetime, page: str, form_token: str) -> None:
    """Keep a page that was drawn for a stranger."""
    pages = _pages()
    if len(pages) >= MOST_PAGES:
        pages.clear()
    pieces, tokens = _cut(page, {"csrf": generate_csrf(), "form": form_token})
    pages[current_code(), key] = KeptPage(facts, until, pieces, tokens)


def _pages() -> dict[tuple[str, str], KeptPage]:
    pages: dict[tuple[str, str], KeptPage] = current_app.extensions.setdefault("kept_pages", {})
    return pages


def _cut(page: str, values: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut the page wherever a token stands, so that nobody is sent another one's."""
    names = {value: name for name, value in values.items() if value}
    parts = re.split("(" + "|".join(map(re.escape, names)) + ")", page)
    return tuple(parts[::2]), tuple(names[value] for value in parts[1::2])
