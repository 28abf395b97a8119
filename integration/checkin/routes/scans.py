"""Taking scans."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, request

from integration.checkin.errors import UnknownDevice
from integration.checkin.routes.blueprint import bearer_token, blueprint
from integration.checkin.rules import MOST_SCANS, clock_offset
from integration.checkin.services import Answer, Batch, record_together
from integration.kernel.clock import utc_now
from integration.kernel.combining import Combiner
from integration.kernel.database import commits_itself, db, writing
from integration.web.access import door_device

_together = Combiner(writing, record_together, most=64)
"""An embedded database has one writer: doors that report at the same moment share one wait for the disk."""


@blueprint.post("/api/v1/door/scans", endpoint="record_scans")
@door_device
@commits_itself
def record_scans() -> Response:
    """Take a JSON list of scans and answer each of them; a bad line never fails the others."""
    token, items, now = bearer_token(), _json_list(), utc_now()
    if len(items) > MOST_SCANS:
        abort(413)
    try:
        answers = _recorded(Batch(token, items, now, clock_offset(request.headers.get("Device-Time"), now)))
    except UnknownDevice:
        abort(401)
    return Response(json.dumps(answers), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _recorded(batch: Batch) -> list[Answer]:
    if db.engine.dialect.name == "sqlite":
        return _together.do(batch)
    with writing() as connection:
        (answers,) = record_together(connection, [batch])
    if isinstance(answers, Exception):
        raise answers
    return answers


def _json_list() -> list[Any]:
    try:
        items = json.loads(request.get_data(), parse_int=_whole_number)
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(items, list):
        abort(400)
    return items


def _whole_number(digits: str) -> int:
    """Numbers beyond any count fail their own line, not the reading of the whole batch."""
    return int(digits) if len(digits) < 20 else -1
