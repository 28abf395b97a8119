"""What is on, for the web at large: sessions as linked data, and the map of the public pages."""

from __future__ import annotations

from datetime import datetime

from flask import Response, jsonify, render_template, request

from integration.activities import queries
from integration.activities.routes.blueprint import blueprint
from integration.activities.routes.filters import Filters, filtered_sessions
from integration.activities.rules import event, events_document
from integration.i18n.routing import enabled_languages
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import public
from integration.web.links import absolute_url

MOST_IN_SITEMAP = 2000
"""With its addresses in every language a sitemap must stay below 50,000 and 50 MB (sitemaps.org)."""
SHARED = "public, max-age=300"


@blueprint.get("/api/v1/sessions.json")
@public
def sessions_json() -> Response:
    """The public sessions to come as schema.org Events, with the list's own filters; ``lang`` chooses the texts."""
    filters, codes = Filters.from_request(), [each.code for each in enabled_languages()]
    asked = request.args.get("lang", codes[0])
    code = asked if asked in codes else codes[0]
    sessions = filtered_sessions(filters, utc_now(), None)
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
    response.make_conditional(request)
    return response
