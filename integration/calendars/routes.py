"""Calendar feeds: joined from stored texts, cheap to ask for again, and the same event under the same UID in each.

Beside the feeds stand the pages that help to subscribe to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from integration.calendars import queries
from integration.calendars.rules import ALARMS, END, FORMAT, beginning, feed_begins_on, with_alarms
from integration.calendars.unchanged import Copy, Unchanged
from integration.i18n.routing import current_code
from integration.i18n.speaking import speaking
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, midnight, utc_now
from integration.kernel.database import DbSession, db
from integration.kernel.errors import NotFound
from integration.registration.queries import card_by_feed
from integration.web.access import public
from integration.web.headers import keep_private
from integration.web.links import absolute_url, webcal_url
from integration.web.qr import qr_svg

blueprint = Blueprint("calendars", __name__)
SHARED = "public, max-age=300"
"""Five minutes: calendars ask hourly, and a cancelled session must not linger in between."""
OWN = "private, no-cache"
ENCODINGS = ("", ":zstd", ":br", ":gzip", ":deflate")
"""What compression appends to an ETag, for two encodings of a text are two representations (RFC 9110, 8.8.3)."""
CONFIRMED_WITH = ("Last-Modified", "Cache-Control", "Vary")
STATES: dict[str, Callable[[DbSession, str], queries.FeedState]] = {
    "all": lambda db_session, _name: queries.state_of_all(db_session),
    "activities": queries.state_of_activity,
    "languages": queries.state_of_language,
    "venues": queries.state_of_venue,
    "organisations": queries.state_of_organisation,
    "year": queries.state_of_year,
}
"""The kinds of public feeds, as they stand in addresses."""


@blueprint.get("/calendar/all.ics")
@public
def feed_all() -> Response:
    """Everything public."""
    return _feed("all", "all")


@blueprint.get("/calendar/activities/<slug>.ics")
@public
def feed_activity(slug: str) -> Response:
    """One activity's sessions."""
    return _feed("activities", slug)


@blueprint.get("/calendar/<any(languages, venues, organisations, year):kind>/<name>.ics")
@public
def feed_of(kind: str, name: str) -> Response:
    """What is held in a language, at a venue, by an organisation or in a year."""
    return _feed(kind, name)


@blueprint.get("/calendar/sessions/<key>.ics")
@public
def feed_session(key: str) -> Response:
    """One session, as a file to open or an address to follow."""
    language, alarm = _language(), _alarm()
    text, modified_at = queries.session_text(db.session(), key.replace("\0", ""), language)
    tag = _tag(text, alarm)
    response = _answer(tag, modified_at, SHARED, lambda: _calendar("Delaktig", language, text, alarm))
    response.headers["Content-Disposition"] = f'inline; filename="delaktig-{key}.ics"'
    return response


@blueprint.get("/calendar/cards/<token>.ics")
@public
def feed_card(token: str) -> Response:
    """The sessions at which a household has places, without a word about who it is."""
    card = card_by_feed(db.session(), current_app.extensions["settings"].card_key, token)
    language, alarm, since = _language(), _alarm(), feed_begins_on(local_date(utc_now()))
    state = queries.state_of_household(db.session(), card.household_id)
    modified_at = max(state.modified_at, midnight(since))

    def calendar() -> str:
        entries = queries.entries_of_household(db.session(), card.household_id, language, since)
        with speaking(language):
            # NOTE: the name of a family's own calendar in its phone
            return _calendar(_("Our dates – Delaktig"), language, entries, alarm)

    return keep_private(_answer(_tag(state.versions, since, language, alarm), modified_at, OWN, calendar), cache=OWN)


@blueprint.get("/<language:language>/calendar")
@public
def subscribe() -> str:
    """How to have everything in one's own calendar, and which smaller feeds there are."""
    choices = queries.feed_choices(db.session(), utc_now())
    return _subscription(queries.state_of_all(db.session()), "all", "", choices)


@blueprint.get("/<language:language>/calendar/<any(activities, languages, venues, organisations, year):kind>/<name>")
@public
def subscribe_to(kind: str, name: str) -> str:
    """How to have one feed in one's own calendar."""
    return _subscription(STATES[kind](db.session(), name), kind, name, [])


def _subscription(state: queries.FeedState, kind: str, name: str, choices: list[queries.FeedChoice]) -> str:
    language, alarm = current_code(), _alarm()
    values: dict[str, str | int] = {"lang": language, **({"alarm": alarm} if alarm else {})}
    endpoint, place = _feed_endpoint(kind, name)
    webcal = webcal_url(endpoint, **place, **values)
    here = ("calendars.subscribe_to", {"kind": kind, "name": name}) if name else ("calendars.subscribe", {})
    return render_template(
        "calendars/subscribe.html",
        title=localize(state.title, language) if state.title else None,
        here=here,
        choices=choices,
        alarm=alarm,
        alarms=ALARMS,
        webcal=webcal,
        address=absolute_url(endpoint, **place, **values),
        google=f"https://calendar.google.com/calendar/r?{urlencode({'cid': webcal})}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{urlencode({'url': webcal, 'name': 'Delaktig'})}",
        qr=qr_svg(absolute_url(here[0], **here[1], language=language)),
    )


def _feed_endpoint(kind: str, name: str) -> tuple[str, dict[str, str]]:
    if kind == "all":
        return "calendars.feed_all", {}
    if kind == "activities":
        return "calendars.feed_activity", {"slug": name}
    return "calendars.feed_of", {"kind": kind, "name": name}


def _feed(kind: str, name: str) -> Response:
    """A public feed; its facts are read first, so that they are never newer than the content that they stand for."""
    unchanged: Unchanged = current_app.extensions["unchanged"]
    name = name.replace("\0", "")
    facts = unchanged.facts(kind, name)
    response = _public_feed(STATES[kind](db.session(), name))
    headers = [(each, response.headers[each]) for each in CONFIRMED_WITH if each in response.headers]
    for encoding in ENCODINGS if response.status_code == 200 else ENCODINGS[:1]:
        tag = f'"{response.get_etag()[0]}{encoding}"'
        copy = Copy(kind, name, facts, _next_midnight(), [*headers, ("ETag", tag)])
        unchanged.keep(request.path, request.query_string.decode("latin-1"), tag, copy)
    return response


def _next_midnight() -> datetime:
    return midnight(local_date(utc_now()) + timedelta(days=1))


def _public_feed(state: queries.FeedState) -> Response:
    language, alarm = _language(), _alarm()
    since = None if state.is_a_year else feed_begins_on(local_date(utc_now()))
    modified_at = max(state.modified_at, midnight(since)) if since else state.modified_at
    name = f"{localize(state.title, language)} – Delaktig" if state.title else "Delaktig"
    tag = _tag(state.version, modified_at, name, language, alarm)

    def calendar() -> str:
        return _calendar(name, language, queries.public_entries(db.session(), state.feed, language, since), alarm)

    return _answer(tag, modified_at, SHARED, calendar)


def _language() -> str:
    """The language asked for; without one always the same, whoever asks: a shared address has one content."""
    enabled = current_app.config["LANGUAGES"]
    asked: str = request.args.get("lang", enabled[0])
    if asked not in enabled:
        raise NotFound(asked)
    return asked


def _alarm() -> int:
    """How many minutes before each session the calendar shall remind; 0 where none of ``ALARMS`` is asked for."""
    asked = request.args.get("alarm", "")
    return next((minutes for minutes in ALARMS if asked == str(minutes)), 0)


def _calendar(name: str, language: str, entries: str, alarm: int) -> str:
    return "".join([beginning(name, language), with_alarms(entries, alarm) if alarm else entries, END])


def _tag(*parts: object) -> str:
    """A strong ETag of everything that decides on the content."""
    return hashlib.sha256(repr((FORMAT, *parts)).encode("utf-8")).hexdigest()[:24]


def _answer(tag: str, modified_at: datetime | None, cache: str, calendar: Callable[[], str]) -> Response:
    """304 when the reader has it already, without making the calendar; else the calendar."""
    known = _known_tag(tag)
    unchanged = known is not None or _not_modified_since(modified_at)
    response = Response(status=304) if unchanged else Response(calendar(), content_type="text/calendar; charset=utf-8")
    response.set_etag(known or tag)
    response.last_modified = modified_at
    response.headers["Cache-Control"] = cache
    response.vary.add("Accept-Encoding")
    return response


def _known_tag(tag: str) -> str | None:
    """The ETag under which the reader holds this content, in whatever encoding it came."""
    known = (tag + encoding for encoding in ENCODINGS)
    return next((each for each in known if request.if_none_match.contains_weak(each)), None)


def _not_modified_since(modified_at: datetime | None) -> bool:
    since = request.if_modified_since
    return bool(not request.if_none_match and since and modified_at and modified_at <= since)
