"""Feeds that have not changed, answered before the application is asked: calendars ask hourly, and mostly in vain.

Nothing goes stale: each such request reads, in one statement, everything that decides on a feed's content, and is
answered only while that is what it was when the reader got its copy. Everything else goes on to the application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.calendars.queries import FEED_FACTS
from integration.kernel.baked import glance
from integration.kernel.clock import utc_now

MOST_COPIES = 4096
Facts = tuple[Any, ...] | None


@dataclass(frozen=True)
class Copy:
    """A copy that somebody has: the feed by kind and name, what it was made of, and the headers it is confirmed with.

    Facts tell only until midnight whether it is still true: then the feed may begin with another date.
    """

    kind: str
    name: str
    facts: Facts
    until: datetime
    headers: list[tuple[str, str]]


class Unchanged:
    """The application with a short way in front of it."""

    def __init__(self, wsgi_app: Any, engine: sa.Engine) -> None:
        self.wsgi_app, self.engine = wsgi_app, engine
        self.copies: dict[tuple[str, str, str], Copy] = {}
        mark = "?" if engine.dialect.name == "sqlite" else "%s"
        self.statements = {kind: statement.replace("?", mark) for kind, statement in FEED_FACTS.items()}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer 304 if the reader's copy is known and still true."""
        tag = environ.get("HTTP_IF_NONE_MATCH")
        if tag and environ["REQUEST_METHOD"] == "GET":
            copy = self.copies.get((environ["PATH_INFO"], environ["QUERY_STRING"], tag))
            if copy is not None and utc_now() < copy.until and self.facts(copy.kind, copy.name) == copy.facts:
                start_response("304 NOT MODIFIED", copy.headers)
                return []
        answer: Iterable[bytes] = self.wsgi_app(environ, start_response)
        return answer

    def keep(self, path: str, query: str, tag: str, copy: Copy) -> None:
        """Know this copy when it is asked about again. Its facts were read before its content was."""
        if len(self.copies) >= MOST_COPIES:
            self.copies.clear()
        self.copies[path, query, tag] = copy

    def facts(self, kind: str, name: str) -> Facts:
        """What decides on the feed's content, straight from the driver: a unit of work costs several times as much.

        Where the database does not answer these are like no others: the application finds out what is wrong.
        """
        try:
            return glance(self.engine, self.statements[kind], (name,))
        except sa.exc.SQLAlchemyError:
            return (object(),)
