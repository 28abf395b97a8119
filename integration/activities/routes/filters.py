"""What the reader asks to see, in the address, and what there is to ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from integration.activities import queries
from integration.activities.models import Activity, Session, Venue
from integration.activities.queries import Choice
from integration.i18n.languages import ENDONYMS, Language, language
from integration.kernel.database import db

WEEKS = 3
"""How far the list looks at first, and how much further each time."""
MOST_WEEKS = 27
MOST_WEEKS_OF_ONE = 105
"""Half a year of everything is long enough to read; of one activity all there is: a rule ends within 24 months."""


@dataclass(frozen=True)
class Filters:
    """What the reader asks for in the address; anything else there is ignored."""

    activity: str
    language: str
    venue: str
    weeks: int
    endpoint: str
    place: tuple[tuple[str, Any], ...]
    """The page that is filtered: its endpoint and the parts of its own address."""

    @classmethod
    def from_request(cls) -> Filters:
        """Read the address; a language that has no name here is none."""
        spoken = request.args.get("language", "")
        weeks = request.args.get("weeks", "")[:4]
        return cls(
            activity=request.args.get("activity", "")[:80].replace("\0", ""),
            language=spoken if spoken in ENDONYMS else "",
            venue=request.args.get("venue", "")[:80].replace("\0", ""),
            weeks=max(int(weeks), WEEKS) if re.fullmatch("[0-9]{1,3}", weeks) else WEEKS,
            endpoint=request.endpoint or "",
            place=tuple((request.view_args or {}).items()),
        )

    @property
    def most_weeks(self) -> int:
        """How far this list can look."""
        return MOST_WEEKS_OF_ONE if self.activity else MOST_WEEKS

    @property
    def horizon(self) -> timedelta:
        """How far this list looks."""
        return timedelta(weeks=min(self.weeks, self.most_weeks))

    def chosen(self) -> dict[str, str]:
        """The filters that are set."""
        named = {"activity": self.activity, "language": self.language, "venue": self.venue}
        return {name: value for name, value in named.items() if value}

    @property
    def page(self) -> str:
        """The page's own address, without filters."""
        return url_for(self.endpoint, **dict(self.place))

    def url(self, **changes: str | int | None) -> str:
        """This page's address with other filters; None takes one away."""
        return _with_query(self.page, {**self.chosen(), **changes})

    def elsewhere(self, endpoint: str, **place: Any) -> str:
        """Another page's address, filtered as this one is."""
        return _with_query(url_for(endpoint, **place), self.chosen())


@dataclass(frozen=True)
class Choices:
    """What can be chosen, and the rows behind what is; a filter that matches nothing has none."""

    rows: Sequence[Choice]

    @classmethod
    def read(cls, now: datetime) -> Choices:
        """Whatever is to come; one statement."""
        return cls(queries.coming_choices(db.session(), now))

    @property
    def activities(self) -> list[Activity]:
        """Each activity once."""
        return list({each.activity.id: each.activity for each in self.rows}.values())

    @property
    def venues(self) -> list[Venue]:
        """Each venue once."""
        return list({each.venue.id: each.venue for each in self.rows if each.venue}.values())

    @property
    def spoken(self) -> list[Language]:
        """The languages spoken anywhere, in the order in which they are known here."""
        codes = {code for each in self.rows for code in each.activity.languages}
        return [language(code) for code in ENDONYMS if code in codes]

    def chosen(self, filters: Filters) -> dict[str, Activity | Language | Venue]:
        """The rows behind the filters that are set, for chips and sentences."""
        found: dict[str, Activity | Language | Venue | None] = {
            "activity": next((each for each in self.activities if each.slug == filters.activity), None),
            "language": language(filters.language) if filters.language else None,
            "venue": next((each for each in self.venues if each.slug == filters.venue), None),
        }
        return {name: row for name, row in found.items() if row is not None}


def filtered_sessions(filters: Filters, since: datetime, until: datetime | None) -> list[Session]:
    """The public sessions that end after one moment and begin before another, as the filters say."""
    return queries.upcoming_sessions(
        db.session(), since, activity=filters.activity, language=filters.language, venue=filters.venue, until=until
    )


def _with_query(path: str, values: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return path + (f"?{query}" if query else "")
