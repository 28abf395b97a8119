"""What is on: the list of sessions to come, each activity's own page, and both for machines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from integration.activities import queries
from integration.activities.models import Activity, Session, Venue, Visibility
from integration.activities.queries import Choice
from integration.activities.rules import (
    PlacesState,
    event,
    events_document,
    places_state,
    seats_left,
    text_gaps,
    title_of,
)
from integration.i18n.languages import ENDONYMS, Language, language
from integration.i18n.routing import enabled_languages
from integration.kernel.clock import local_date, midnight, utc_now
from integration.kernel.database import Texts, db
from integration.kernel.errors import NotFound
from integration.web.access import public
from integration.web.links import absolute_url

blueprint = Blueprint("activities", __name__)

WEEKS = 3
"""How far the list looks at first, and how much further each time."""
MOST_WEEKS = 27
MOST_WEEKS_OF_ONE = 105
"""Half a year of everything is long enough to read; of one activity all there is: a rule ends within 24 months."""
MOST_IN_SITEMAP = 2000
"""With its addresses in every language a sitemap must stay below 50,000 and 50 MB (sitemaps.org)."""
SHARED = "public, max-age=300"
LATER_ROWS = 60
"""How many are shown where the next weeks are empty."""


@dataclass(frozen=True)
class Filters:
    """What the reader asks for in the address; anything else there is ignored."""

    activity: str
    language: str
    venue: str
    weeks: int

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

    def url(self, **changes: str | int | None) -> str:
        """The list's address with other filters; None takes one away."""
        values = {**self.chosen(), **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return url_for("activities.whats_on") + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Row:
    """One session as a list shows it."""

    url: str
    starts_at: datetime
    ends_at: datetime
    title: Texts
    venue_name: Texts | None
    languages: list[Language]
    state: PlacesState | None
    places_left: int | None
    next_at: datetime | None
    icon: str
    mark: str


@blueprint.get("/<language:language>/")
@public
def whats_on() -> str:
    """What is on in the next weeks; where nothing is, whatever comes later; where nothing comes, what else there is."""
    now, filters = utc_now(), Filters.from_request()
    choices = queries.coming_choices(db.session(), now)
    horizon = midnight(local_date(now) + filters.horizon)
    sessions = _sessions(filters, now, horizon)
    has_more = any(each.last_at >= horizon for each in choices if _meets(each, filters))
    if not sessions and has_more:
        sessions, has_more = _sessions(filters, now, None)[:LATER_ROWS], False
    others = [] if sessions else _others(filters, now)
    return render_template(
        "activities/whats_on.html",
        filters=filters,
        days=_days(sessions, _next_dates(sessions, now)),
        more_url=filters.url(weeks=filters.weeks + WEEKS) if has_more and filters.weeks < filters.most_weeks else None,
        activities=_unique(each.activity for each in choices),
        venues=_unique(each.venue for each in choices if each.venue),
        spoken=_spoken(choices),
        chosen=_chosen(filters, choices),
        others=others,
    )


@blueprint.get("/<language:language>/activities/<slug>")
@public
def activity(slug: str) -> str:
    """One activity: what it is, and its dates to come."""
    now = utc_now()
    found = queries.activity_by_slug(db.session(), slug.replace("\0", ""))
    venue_is_no_matter = found.title
    if found.visibility == Visibility.CLOSED or text_gaps(found.title, found.description, venue_is_no_matter):
        raise NotFound(slug)
    sessions = queries.upcoming_sessions(db.session(), now, activity=found.slug)
    dates = [(each.activity_id, each.starts_at) for each in sessions if places_state(each) != PlacesState.CANCELLED]
    return render_template(
        "activities/activity.html",
        activity=found,
        rows=[_row(each, dates) for each in sessions],
        languages_spoken=[language(code) for code in found.languages],
    )


@blueprint.get("/api/v1/sessions.json")
@public
def sessions_json() -> Response:
    """The public sessions to come as schema.org Events, with the list's own filters; ``lang`` chooses the texts."""
    filters, codes = Filters.from_request(), [each.code for each in enabled_languages()]
    asked = request.args.get("lang", codes[0])
    code = asked if asked in codes else codes[0]
    sessions = _sessions(filters, utc_now(), None)
    response = jsonify(events_document([event(each, code, _page_of(each.key, code)) for each in sessions]))
    response.mimetype = "application/ld+json"
    return _shared(response)


@blueprint.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The public pages for search engines, each in every language beside its sisters (sitemaps.org, hreflang)."""
    found = queries.public_addresses(db.session(), utc_now(), MOST_IN_SITEMAP)
    fixed = ("activities.whats_on", "calendars.subscribe", "site.contact", "site.privacy", "site.accessibility")
    pages: list[tuple[str, dict[str, str], datetime | None]] = [
        *((endpoint, {}, None) for endpoint in fixed),
        *(("report.programme", {"programme": slug}, None) for slug in found.programmes),
        *(("activities.activity", {"slug": slug}, None) for slug in found.activities),
        *(("registration.session_page", {"key": key}, changed_at) for key, changed_at in found.sessions),
    ]
    codes = [each.code for each in enabled_languages()]
    entries = [
        ({code: absolute_url(endpoint, language=code, **values) for code in codes}, changed_at)
        for endpoint, values, changed_at in pages
    ]
    return _shared(Response(render_template("activities/sitemap.xml", entries=entries), mimetype="application/xml"))


def _page_of(key: str, code: str) -> str:
    return absolute_url("registration.session_page", language=code, key=key)


def _shared(response: Response) -> Response:
    """Let caches keep it for a while, and ask again without fetching it again."""
    response.headers["Cache-Control"] = SHARED
    response.add_etag()
    return response.make_conditional(request)


def _sessions(filters: Filters, now: datetime, until: datetime | None) -> list[Session]:
    return queries.upcoming_sessions(
        db.session(), now, activity=filters.activity, language=filters.language, venue=filters.venue, until=until
    )


def _others(filters: Filters, now: datetime) -> list[Session]:
    """Where an activity is not held in the wished language or place: its other dates."""
    if not filters.activity or len(filters.chosen()) == 1:
        return []
    return queries.upcoming_sessions(db.session(), now, activity=filters.activity)


def _next_dates(sessions: Iterable[Session], now: datetime) -> list[tuple[int, datetime]]:
    """When the cancelled ones among these are held next; asks only if there are any."""
    cancelled = {each.activity_id for each in sessions if places_state(each) == PlacesState.CANCELLED}
    return queries.next_sessions(db.session(), cancelled, now) if cancelled else []


def _days(sessions: Iterable[Session], dates: Sequence[tuple[int, datetime]]) -> list[tuple[date, list[Row]]]:
    by_day = groupby(sessions, key=lambda each: each.local_on)
    return [(on, [_row(each, dates) for each in group]) for on, group in by_day]


def _row(session: Session, dates: Sequence[tuple[int, datetime]]) -> Row:
    state = places_state(session)
    return Row(
        url=url_for("registration.session_page", key=session.key),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title_of(session),
        venue_name=session.venue.name if session.venue else None,
        languages=[language(code) for code in session.languages],
        state=state,
        places_left=seats_left(session.places),
        next_at=_next_date(session, dates) if state == PlacesState.CANCELLED else None,
        icon=session.activity.icon,
        mark=session.activity.mark,
    )


def _next_date(session: Session, dates: Sequence[tuple[int, datetime]]) -> datetime | None:
    later = (at for activity_id, at in dates if activity_id == session.activity_id and at > session.starts_at)
    return next(later, None)


def _meets(choice: Choice, filters: Filters) -> bool:
    return (
        filters.activity in ("", choice.activity.slug)
        and filters.venue in ("", choice.venue.slug if choice.venue else None)
        and (not filters.language or filters.language in choice.activity.languages)
    )


def _unique(rows: Iterable[Any]) -> list[Any]:
    return list({each.id: each for each in rows}.values())


def _spoken(choices: Iterable[Choice]) -> list[Language]:
    """The languages spoken anywhere, in the order in which they are known here."""
    codes = {code for each in choices for code in each.activity.languages}
    return [language(code) for code in ENDONYMS if code in codes]


def _chosen(filters: Filters, choices: Sequence[Choice]) -> dict[str, Activity | Language | Venue]:
    """The rows behind the filters that are set, for chips and sentences; an unknown one has none."""
    activities: dict[str, Activity] = {each.activity.slug: each.activity for each in choices}
    places: dict[str, Venue] = {each.venue.slug: each.venue for each in choices if each.venue}
    found: dict[str, Activity | Language | Venue | None] = {
        "activity": activities.get(filters.activity),
        "language": language(filters.language) if filters.language else None,
        "venue": places.get(filters.venue),
    }
    return {name: row for name, row in found.items() if row is not None}
