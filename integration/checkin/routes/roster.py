"""What a phone takes along before the doors, and finding somebody by name."""

from __future__ import annotations

import json
from datetime import datetime

from flask import Response, abort, jsonify, request

from integration.audit.services import Audited, record
from integration.checkin.models import DoorDevice
from integration.checkin.queries import found_by_name, roster_content, roster_version
from integration.checkin.routes.blueprint import blueprint, card_key, is_unchanged, own_open_device
from integration.checkin.rules import SEARCHES_PER_DEVICE, SHORTEST_SEARCH
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, own_transaction
from integration.kernel.rate_limits import count_attempt
from integration.web.access import door_device


@blueprint.get("/api/v1/door/roster", endpoint="roster")
@door_device
def roster() -> Response:
    """The offline roster of the device's session, only while its door is open; 304 while nothing has changed."""
    now = utc_now()
    device = own_open_device(now)
    version = roster_version(db.session(), device.session, card_key())
    if is_unchanged(version):
        response = Response(status=304)
    else:
        content = roster_content(db.session(), device.session, card_key())
        told = {"version": version, "server_time": now.isoformat(), "wipe_at": device.closes_at.isoformat()}
        response = Response(json.dumps({**told, **content}, separators=(",", ":")), mimetype="application/json")
    response.set_etag(version)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/api/v1/door/search", endpoint="search")
@door_device
def search() -> Response:
    """At most ten households of this session by name; only for phones that may, and every look leaves a trace."""
    now = utc_now()
    device = own_open_device(now)
    sought = request.args.get("q", "").strip()
    if not device.may_search:
        abort(403)
    if len(sought) < SHORTEST_SEARCH or device.session.sensitive:
        return _hits([])
    with own_transaction() as connection:
        count_attempt(connection, SEARCHES_PER_DEVICE, str(device.id), now)
    found = found_by_name(db.session(), device.session_id, sought)
    _leave_trace(device, len(found), now)
    return _hits([each._asdict() for each in found])


def _leave_trace(device: DoorDevice, rows: int, now: datetime) -> None:
    """A page that is only read rolls back: the trace of reading has a transaction of its own."""
    facts = {"device": device.id, "rows": rows}
    with own_transaction() as connection, DbSession(connection) as trail:
        record(trail, Audited.DOOR_SEARCHED, "session", device.session_id, account_id=None, now=now, **facts)
        trail.flush()


def _hits(found: list[dict[str, object]]) -> Response:
    response = jsonify(found)
    response.headers["Cache-Control"] = "no-store"
    return response
