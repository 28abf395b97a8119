"""Typing in the sheet of a door on paper. It shows names, so reading it leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.audit.services import Audited, record
from integration.checkin.errors import SessionIsCancelled, SessionNotBegun
from integration.checkin.queries.sheet import SheetLine, sheet_lines
from integration.checkin.routes.blueprint import card_key
from integration.checkin.rules import MOST_HEADS, MOST_PEOPLE, People, categories
from integration.checkin.services.enter_sheet import Sheet, enter_sheet, sheet_before
from integration.checkin.staff_routes.blueprint import blueprint, own_session
from integration.checkin.staff_routes.category_words import category_words
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, own_transaction
from integration.web.access import requires
from integration.web.headers import keep_private


@dataclass(frozen=True)
class Shown:
    """A sheet as the page shows it, and what of it cannot be read as a number."""

    session: Session
    lines: list[SheetLine]
    sheet: Sheet
    wrong: frozenset[str] = frozenset()


@blueprint.get("/<language:language>/staff/sessions/<key>/sheet", endpoint="sheet")
@requires(Permission.REGISTRATIONS_READ)
def sheet(key: str) -> Response:
    """Everybody who signed up, with room for how many came, and the walk-ins."""
    session, lines = _asked(key)
    groups = categories(session.activity.asks_age_groups)
    before = sheet_before(db.session(), session.id, lines, groups, card_key())
    _leave_trace(session.id, len(lines))
    return _page(Shown(session, lines, before), 200)


@blueprint.post("/<language:language>/staff/sessions/<key>/sheet", endpoint="sheet_entered")
@requires(Permission.REGISTRATIONS_READ)
def sheet_entered(key: str) -> Response:
    """Count what the sheet says; sent again, or corrected, it is what it says last."""
    session, lines = _asked(key)
    if not FlaskForm().validate_on_submit():
        abort(400)
    typed = _typed(session, lines)
    if typed.wrong:
        return _page(typed, 422)
    try:
        changed = enter_sheet(db.session(), require_actor(), session, lines, typed.sheet, card_key(), utc_now())
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")
    except SessionNotBegun:
        flash(_("The session has not begun yet. Come back when it has."), "wait")
    else:
        flash(ngettext("Saved: %(num)s line changed.", "Saved: %(num)s lines changed.", changed))
    return redirect(url_for("checkin_staff.closing", key=key), 303)


def _asked(key: str) -> tuple[Session, list[SheetLine]]:
    session = own_session(key, Permission.REGISTRATIONS_READ)
    if session.sensitive:
        abort(404)
    return session, sheet_lines(db.session(), session.id)


def _typed(session: Session, lines: list[SheetLine]) -> Shown:
    """The form as a sheet. A household whose line is not on it (it signed up meanwhile) is not told of."""
    wrong: set[str] = set()
    came, walk_ins = {}, {}
    for line in lines:
        names = [f"{part}-{line.registration_id}" for part in ("adults", "children")]
        if any(name in request.form for name in names):
            came[line.registration_id] = People(*(_number(name, MOST_PEOPLE, wrong) for name in names))
    for category in categories(session.activity.asks_age_groups):
        if f"walk-{category}" in request.form:
            walk_ins[category] = _number(f"walk-{category}", MOST_HEADS, wrong)
    return Shown(session, lines, Sheet(came, walk_ins), frozenset(wrong))


def _number(name: str, most: int, wrong: set[str]) -> int:
    typed = request.form.get(name, "").strip()
    if not typed:
        return 0
    if typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed) <= most:
        return int(typed)
    wrong.add(name)
    return 0


def _page(shown: Shown, status: int) -> Response:
    words = category_words()
    page = render_template(
        "checkin/sheet.html",
        session=shown.session,
        title=title_of(shown.session),
        lines=shown.lines,
        sheet=shown.sheet,
        wrong=shown.wrong,
        categories=[(each, words[each]) for each in categories(shown.session.activity.asks_age_groups)],
        form=FlaskForm(),
        typed=request.form,
    )
    return keep_private(make_response(page, status))


def _leave_trace(session_id: int, rows: int) -> None:
    """A page that is only read rolls back: the trace of reading has a transaction of its own."""
    actor = require_actor()
    with own_transaction() as connection, DbSession(connection) as trail:
        record(
            trail,
            Audited.REGISTRATIONS_READ,
            "session",
            session_id,
            account_id=actor.account_id,
            now=utc_now(),
            rows=rows,
            page="sheet",
        )
        trail.flush()
