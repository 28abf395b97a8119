"""Counting the groups that came: each as it signed up, or with the number that it was."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.rules import title_of
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.queries.groups import GroupCount, counted_groups
from integration.checkin.rules import MOST_HEADS, People
from integration.checkin.services.groups import count_groups
from integration.checkin.staff_routes.blueprint import blueprint, own_session
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/groups/count", methods=["GET", "POST"], endpoint="groups")
@requires(Permission.DOOR_OPEN)
def groups(key: str) -> Response | tuple[str, int]:
    """How many of each group came; no contact is shown here."""
    session = own_session(key, Permission.DOOR_OPEN)
    rows, form = counted_groups(db.session(), session.id), FlaskForm()
    wrong = False
    if form.validate_on_submit():
        came = {each.group.id: _came(each) for each in rows}
        wrong = None in came.values()
        if not wrong:
            _count(key, {number: people for number, people in came.items() if people is not None})
            return redirect(url_for("checkin_staff.closing", key=key), 303)
    page = render_template(
        "checkin/groups.html", session=session, title=title_of(session), rows=rows, form=form, wrong=wrong
    )
    return page, 422 if wrong else 200


def _count(key: str, came: dict[int, People]) -> None:
    session = own_session(key, Permission.DOOR_OPEN)
    try:
        count_groups(db.session(), require_actor(), session, came, utc_now())
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")
        return
    flash(_("The groups are counted."))


def _came(row: GroupCount) -> People | None:
    numbers = [_number(request.form.get(f"{part}-{row.group.id}", "")) for part in ("adults", "children")]
    adults, children = numbers
    return None if adults is None or children is None else People(adults, children)


def _number(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return 0
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed) <= MOST_HEADS else None
