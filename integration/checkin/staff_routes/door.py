"""The door page: a signed-in organiser's phone scans cards and counts people."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import seats_left, title_of
from integration.checkin.errors import SessionIsCancelled, UnknownDevice
from integration.checkin.forms import CountForm, OpenDoorForm
from integration.checkin.models import ScanKind
from integration.checkin.queries import is_known_code, people_in
from integration.checkin.rules import OPENS_BEFORE, normalized
from integration.checkin.services import open_door, record_scans
from integration.checkin.staff_routes.blueprint import blueprint, own_session, where_and_when
from integration.checkin.staff_routes.verdict_words import people_texts, people_words, verdict_words
from integration.i18n import dates
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.tokens import digest
from integration.web.access import requires
from integration.web.headers import allow_scanner


@blueprint.route("/<language:language>/staff/sessions/<key>/door", methods=["GET", "POST"], endpoint="door")
@requires(Permission.DOOR_OPEN)
def door(key: str) -> Response:
    """What door it is, and Start; its POST makes this phone a door and opens the scanner."""
    session = own_session(key, Permission.DOOR_OPEN)
    form = OpenDoorForm()
    if not form.validate_on_submit():
        return _start_page(session, form)
    try:
        token = open_door(db.session(), require_actor(), session, "", utc_now())
    except SessionIsCancelled:
        return _start_page(session, form, status=409)
    return _scanner_page(session, token)


@blueprint.post("/<language:language>/staff/sessions/<key>/door/count", endpoint="count_at_door")
@requires(Permission.DOOR_OPEN)
def count_at_door(key: str) -> Response:
    """The door without a script: one scan by form, answered by the same page with the verdict on it."""
    session = own_session(key, Permission.DOOR_OPEN)
    form = CountForm()
    if not form.validate_on_submit():
        abort(400)
    scan = _scan_of(form)
    if scan is None:
        return _scanner_page(session, form.token.data, {"message": "typo"})
    try:
        answer = record_scans(db.session(), form.token.data or "", [scan], utc_now())[0]
    except UnknownDevice:
        return _start_page(session, OpenDoorForm())
    return _scanner_page(session, form.token.data, answer)


def _scan_of(form: CountForm) -> dict[str, Any] | None:
    """The form as a line of a batch; None for a code that no card has: most likely it was mistyped."""
    scan: dict[str, Any] = {"id": form.scan_id.data}
    if request.form.get("add") in ("adult", "child"):
        child = request.form["add"] == "child"
        return scan | {"kind": ScanKind.WALK_IN, "adults": int(not child), "children": int(child)}
    if request.form.get("undo") and form.undoes.data:
        return scan | {"undoes": form.undoes.data}
    code = digest(normalized(form.code.data or ""))
    return scan | {"digest": code} if is_known_code(db.session(), code) else None


def _start_page(session: Session, form: OpenDoorForm, status: int = 200) -> Response:
    now = utc_now()
    page = render_template(
        "checkin/door_start.html",
        form=form,
        session=session,
        title=title_of(session),
        where=where_and_when(session),
        people=people_in(db.session(), session.id),
        another_day=not session.starts_at - OPENS_BEFORE <= now <= session.ends_at + OPENS_BEFORE,
    )
    return _for_this_phone(page, status)


def _scanner_page(session: Session, token: str | None, answer: dict[str, Any] | None = None) -> Response:
    words = verdict_words()
    page = render_template(
        "checkin/door.html",
        session=session,
        title=title_of(session),
        where=where_and_when(session),
        people=people_in(db.session(), session.id),
        places_left=seats_left(session.places),
        form=CountForm(formdata=None, token=token, scan_id=str(uuid4()), undoes=_undoable(answer)),
        words=words,
        verdict=_verdict_shown(answer) if answer else None,
        people_texts={name: json.dumps(texts) for name, texts in people_texts().items()},
    )
    return _for_this_phone(page, 200)


def _undoable(answer: dict[str, Any] | None) -> str:
    """The scan that the verdict on the page is about, if it can be taken back."""
    return answer["id"] if answer and answer.get("id") and answer["message"] != "undone" else ""


def _verdict_shown(answer: dict[str, Any]) -> dict[str, str]:
    """The verdict's words with this answer's numbers, for the page without a script."""
    words = verdict_words().get(answer["message"], verdict_words()["typo"])
    people = answer.get("counted") or answer.get("added") or {"adults": 1, "children": 0}
    other = answer.get("other")
    values = {
        "{people}": people_words(people["adults"], people["children"]),
        "{time}": _clock(answer.get("first_at")),
        "{title}": localize(other["title"], current_code()).text if other else "",
        "{when}": f"{dates.day(_moment(other['starts_at']))} {_clock(other['starts_at'])}" if other else "",
    }
    shown = {"shape": words.shape, "word": words.word, "line": words.line, "more": words.more}
    for placeholder, value in values.items():
        shown = {name: text.replace(placeholder, value) for name, text in shown.items()}
    slot = answer.get("slot")
    return {**shown, "slot": str(_("Their time: %(time)s", time=slot)) if slot else ""}


def _clock(moment: str | None) -> str:
    return dates.clock(_moment(moment)) if moment else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _for_this_phone(page: str, status: int) -> Response:
    """The page carries a token: no copy is kept of it, and it alone may use the camera."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return allow_scanner(response)
