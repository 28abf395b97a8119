"""What a paired phone asks: whose door it is, how many are in, and whether it may go on to the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, jsonify, request

from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import DoorNotOpen, SessionIsCancelled
from integration.checkin.models import DoorDevice
from integration.checkin.queries import next_doors, people_in
from integration.checkin.routes.blueprint import bearer_token, blueprint, is_unchanged, own_device, own_open_device
from integration.checkin.rules import OPENS_BEFORE
from integration.checkin.services import move_on
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.web.access import door_device


@blueprint.get("/api/v1/door/session", endpoint="device_session")
@door_device
def device_session() -> Response:
    """Which door this phone is at, its hours, and the doors that it may go on to."""
    now = utc_now()
    device = own_device(now)
    return _private(jsonify(_about(device, now)))


@blueprint.post("/api/v1/door/moves", endpoint="move")
@door_device
def move() -> tuple[Response, int]:
    """Make this phone a door of the next session: one tap for the volunteer."""
    now, token = utc_now(), bearer_token()
    wish = request.get_json(silent=True, force=True)
    key = wish.get("session") if isinstance(wish, dict) else None
    if not isinstance(key, str):
        abort(400)
    device = own_open_device(now)
    try:
        moved, moved_token = move_on(db.session(), token, key, now)
    except NotFound:
        abort(404)
    except (DoorNotOpen, SessionIsCancelled):
        abort(403)
    return _private(jsonify({"token": moved_token, "from": device.session.key, **_about(moved, now)})), 201


@blueprint.get("/api/v1/door/count", endpoint="count")
@door_device
def count() -> Response:
    """How many are in at the device's session, all doors together; 304 while nobody comes."""
    device = own_device(utc_now())
    if device.revoked_at is not None:
        abort(403)
    people = people_in(db.session(), device.session_id)
    capacity = device.session.places.capacity
    tag = f"{people.adults}-{people.children}-{capacity}"
    if is_unchanged(tag):
        response = Response(status=304)
    else:
        counted = {"adults": people.adults, "children": people.children, "total": people.total}
        response = jsonify({**counted, "in": people.total, "capacity": capacity})
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _about(device: DoorDevice, now: datetime) -> dict[str, Any]:
    """Nothing of the people who come but their number, and that only while the door is open."""
    is_open = device.revoked_at is None and device.opens_at <= now <= device.closes_at
    counted = people_in(db.session(), device.session_id)._asdict() if is_open else None
    return {
        "server_time": now.isoformat(),
        "session": _session(device.session),
        "device": {
            "name": device.name,
            "opens_at": device.opens_at.isoformat(),
            "closes_at": device.closes_at.isoformat(),
            "may_search": device.may_search and device.revoked_at is None,
            "revoked": device.revoked_at is not None,
        },
        "counted": counted,
        "next": [_next(each) for each in next_doors(db.session(), device.session, now)] if is_open else [],
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "key": session.key,
        "title": title_of(session),
        "icon": session.activity.icon,
        "mark": session.activity.mark,
        "venue": session.venue.name if session.venue else None,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "sign_up": session.sign_up,
        "sensitive": session.sensitive,
        "capacity": session.places.capacity,
        "age_groups": session.activity.asks_age_groups,
    }


def _next(session: Session) -> dict[str, Any]:
    return {
        "key": session.key,
        "title": title_of(session),
        "starts_at": session.starts_at.isoformat(),
        "opens_at": (session.starts_at - OPENS_BEFORE).isoformat(),
    }


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
