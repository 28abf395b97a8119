"""Sheets for the door as PDF; printing names leaves the trace that reading them does."""

from __future__ import annotations

from flask import Response, abort

from integration.accounts.rules import Permission
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.registration.queries import registrations_of_session
from integration.registration.sheets import sign_in_sheet, tally_sheet
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires


@blueprint.get("/<language:language>/staff/sessions/<key>/sign-in-sheet.pdf")
@requires(Permission.REGISTRATIONS_READ)
def sign_in_sheet_file(key: str) -> Response:
    """Who is expected: names to call and places. A sensitive session has no such list."""
    session = own_session(key)
    if session.sensitive:
        abort(404)
    people = registrations_of_session(db.session(), session.id)
    leave_trace(session.id, len(people))
    return _pdf(sign_in_sheet(session, people, utc_now()), f"{session.key}-sign-in.pdf")


@blueprint.get("/<language:language>/staff/sessions/<key>/tally-sheet.pdf")
@requires(Permission.REGISTRATIONS_READ)
def tally_sheet_file(key: str) -> Response:
    """Circles to cross; nobody's name."""
    session = own_session(key)
    return _pdf(tally_sheet(session, utc_now()), f"{session.key}-tally.pdf")


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
