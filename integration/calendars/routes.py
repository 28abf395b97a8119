"""Calendar feeds: joined from stored texts, cheap to ask for again, and the same event under the same UID in each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _

from integration.calendars import queries
from integration.calendars.rules import END, FORMAT, beginning, feed_begins_on
from integration.i18n.speaking import speaking
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, midnight, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.registration.queries import card_by_feed
from integration.web.access import public
from integration.web.headers import keep_private

blueprint = Blueprint("calendars", __name__)
SHARED = "public, max-age=300"
"""Five minutes: calendars ask hourly, and a cancelled session must not linger in between."""
OWN = "private, no-cache"
ENCODINGS = ("", ":zstd", ":br", ":gzip", ":deflate")
"""What compression appends to an ETag, for two encodings of a text are two representations (RFC 9110, 8.8.3)."""


@blueprint.get("/calendar/all.ics")
@public
def feed_all() -> Response:
    """Everything public."""
    return _feed(queries.state_of_all(db.session()))


@blueprint.get("/calendar/activities/<slug>.ics")
@public
def feed_activity(slug: str) -> Response:
    """One activity's sessions."""
    return _feed(queries.state_of_activity(db.session(), slug))


@blueprint.get("/calendar/sessions/<key>.ics")
@public
def feed_session(key: str) -> Response:
    """One session, as a file to open or an address to follow."""
    language = _language()
    text, modified_at = queries.session_text(db.session(), key, language)
    response = _answer(_tag(text), modified_at, SHARED, lambda: _calendar("Delaktig", language, [text]))
    response.headers["Content-Disposition"] = f'inline; filename="delaktig-{key}.ics"'
    return response


@blueprint.get("/calendar/cards/<token>.ics")
@public
def feed_card(token: str) -> Response:
    """The sessions at which a household has places, without a word about who it is."""
    card = card_by_feed(db.session(), current_app.extensions["settings"].card_key, token)
    language, since = _language(), feed_begins_on(local_date(utc_now()))
    texts = queries.texts_of_household(db.session(), card.household_id, language, since)
    with speaking(language):
        calendar = _calendar(_("Our dates – Delaktig"), language, texts)
    response = _answer(_tag(calendar), None, OWN, lambda: calendar)
    return keep_private(response, cache=OWN)


def _feed(state: queries.FeedState) -> Response:
    language, since = _language(), feed_begins_on(local_date(utc_now()))
    modified_at = max(state.modified_at, midnight(since))
    tag = f"{FORMAT}-{state.version}-{int(modified_at.timestamp())}-{language}"
    name = f"{localize(state.title, language)} – Delaktig" if state.title else "Delaktig"

    def calendar() -> str:
        return _calendar(name, language, queries.public_texts(db.session(), language, since, state.activity_id))

    return _answer(tag, modified_at, SHARED, calendar)


def _language() -> str:
    """The language asked for; without one always the same, whoever asks: a shared address has one content."""
    enabled = current_app.config["LANGUAGES"]
    asked: str = request.args.get("lang", enabled[0])
    if asked not in enabled:
        raise NotFound(asked)
    return asked


def _calendar(name: str, language: str, texts: list[str]) -> str:
    return "".join([beginning(name, language), *texts, END])


def _tag(text: str) -> str:
    return f"{FORMAT}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:20]}"


def _answer(tag: str, modified_at: datetime | None, cache: str, calendar: Callable[[], str]) -> Response:
    """304 when the reader has it already, without making the calendar; else the calendar."""
    known = _known_tag(tag)
    unchanged = known is not None or _not_modified_since(modified_at)
    response = Response(status=304) if unchanged else Response(calendar(), content_type="text/calendar; charset=utf-8")
    response.set_etag(known or tag)
    response.last_modified = modified_at
    response.headers["Cache-Control"] = cache
    return response


def _known_tag(tag: str) -> str | None:
    """The ETag under which the reader holds this content, in whatever encoding it came."""
    known = (tag + encoding for encoding in ENCODINGS)
    return next((each for each in known if request.if_none_match.contains_weak(each)), None)


def _not_modified_since(modified_at: datetime | None) -> bool:
    since = request.if_modified_since
    return bool(not request.if_none_match and since and modified_at and modified_at <= since)
