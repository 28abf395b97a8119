"""The live view of one session: who is in the room, by door, by source, per five minutes."""

from __future__ import annotations

from flask import make_response, render_template
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.activities.rules import title_of
from integration.checkin.models import Source
from integration.checkin.queries import Arrivals, arrivals, arrivals_version
from integration.checkin.routes.blueprint import is_unchanged
from integration.checkin.rules import SELF, SHEET, TALLY
from integration.checkin.staff_routes.blueprint import blueprint, own_session, where_and_when
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires

FORMS_LIVE_SECONDS = 900
"""The page is made anew at least so often: its tokens against forged requests grow old."""


@blueprint.get("/<language:language>/staff/sessions/<key>/live", endpoint="live")
@requires(Permission.DOOR_OPEN)
def live(key: str) -> Response:
    """Arrivals as they come; a script asks again every few seconds and is told 304 while nothing has happened."""
    session = own_session(key, Permission.DOOR_OPEN)
    capacity = session.places.capacity
    version = arrivals_version(db.session(), session.id)
    tag = f"{version}-{capacity}-{session.sequence}-{int(utc_now().timestamp()) // FORMS_LIVE_SECONDS}"
    if is_unchanged(tag) and "_flashes" not in cookie:
        response = Response(status=304)
    else:
        found = arrivals(db.session(), session.id)
        page = render_template(
            "checkin/live.html",
            session=session,
            title=title_of(session),
            where=where_and_when(session),
            arrivals=found,
            capacity=capacity,
            sources=_sources(found),
            own_pages={SELF: _("Self check-in"), TALLY: _("Heads counted"), SHEET: _("Typed in from paper")},
            most=max((number for _at, number in found.steps), default=0),
        )
        response = make_response(page)
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _sources(found: Arrivals) -> list[tuple[str, str, int]]:
    words = {
        Source.SCANNED: ("scan", _("Cards scanned")),
        Source.LISTED: ("steps", _("Ticked on the list")),
        Source.SELF_MARKED: ("phone", _("Marked by themselves")),
        Source.WALK_IN: ("people", _("Without a card")),
        Source.HEADCOUNT: ("all", _("Heads counted")),
        Source.IMPORTED: ("ext", _("Imported")),
    }
    return [(*words[source], found.sources[source]) for source in words if found.sources.get(source)]
