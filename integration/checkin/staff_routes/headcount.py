"""Counting heads: one press each, or the numbers at once. Sensitive sessions are counted in no other way."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.forms import HeadcountForm
from integration.checkin.queries.tally import heads_by_category, last_head
from integration.checkin.routes.blueprint import card_key
from integration.checkin.rules import People, categories
from integration.checkin.services import count_heads
from integration.checkin.services.tally import count_one, uncount
from integration.checkin.staff_routes.blueprint import blueprint, own_session
from integration.checkin.staff_routes.category_words import category_words
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/sessions/<key>/headcount", methods=["GET", "POST"], endpoint="headcount")
@requires(Permission.DOOR_OPEN)
def headcount(key: str) -> Response | tuple[str, int]:
    """The great buttons, and the form for numbers, which is what is sent here."""
    session = own_session(key, Permission.DOOR_OPEN)
    form = HeadcountForm(form_id=str(uuid4()))
    people = People(form.adults.data or 0, form.children.data or 0)
    valid = form.validate_on_submit()
    if valid and people.total == 0:
        form.adults.errors = [_("Write how many came.")]
    if not valid or form.errors or people.total == 0:
        return _page(session, form), 422 if form.errors else 200
    try:
        count_heads(db.session(), require_actor(), session, people, form.form_id.data or str(uuid4()), utc_now())
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")
        return redirect(url_for("checkin_staff.closing", key=key))
    flash(ngettext("%(num)s person is counted.", "%(num)s people are counted.", people.total))
    return redirect(url_for("checkin_staff.closing", key=key))


@blueprint.post("/<language:language>/staff/sessions/<key>/headcount/one", endpoint="count_one")
@requires(Permission.DOOR_OPEN)
def one(key: str) -> Response:
    """One head more, or the last one back; a script is told nothing, for it has shown it already."""
    session = own_session(key, Permission.DOOR_OPEN)
    if not FlaskForm().validate_on_submit():
        abort(400)
    try:
        _press(session)
    except SessionIsCancelled:
        flash(_("This session is cancelled."), "no")
    if request.headers.get("Accept") == "application/json":
        return Response(status=204)
    return redirect(url_for("checkin_staff.headcount", key=key), 303)


def _press(session: Session) -> None:
    undoes, actor, now = request.form.get("undo"), require_actor(), utc_now()
    try:
        if undoes:
            uncount(db.session(), actor, session, UUID(undoes), card_key(), now)
        else:
            scan_id = UUID(request.form.get("scan_id", ""))
            count_one(db.session(), actor, session, request.form.get("add", ""), scan_id, card_key(), now)
    except (ValueError, KeyError):
        abort(400)


def _page(session: Session, form: HeadcountForm) -> str:
    heads = heads_by_category(db.session(), session.id)
    words = category_words()
    shown = [each for each in words if each in categories(session.activity.asks_age_groups) or heads.get(each)]
    return render_template(
        "checkin/headcount.html",
        session=session,
        title=title_of(session),
        form=form,
        scan_id=str(uuid4()),
        last=last_head(db.session(), session.id),
        heads=[(each, words[each], heads.get(each, 0)) for each in shown],
        total=sum(heads.values()),
    )
