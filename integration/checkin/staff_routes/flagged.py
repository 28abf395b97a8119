"""What a person should look at, on the closing page: each flagged scan is accepted or rejected."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.accounts.routes import current_actor, require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.checkin.errors import UnknownScan, UntraceableScan
from integration.checkin.forms import DecideForm
from integration.checkin.models import ScanKind
from integration.checkin.queries import SeenScan, conflicts, flagged_scans
from integration.checkin.services import decide_scans
from integration.checkin.staff_routes.blueprint import blueprint, own_session
from integration.checkin.staff_routes.verdict_words import people_words
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.web.access import requires

MOST_AT_ONCE = 500


@blueprint.post("/<language:language>/staff/sessions/<key>/flagged", endpoint="flagged")
@requires(Permission.SESSIONS_CLOSE)
def flagged(key: str) -> Response:
    """Let scans count or not: one of them, or all that have the same flag."""
    session = own_session(key, Permission.SESSIONS_CLOSE)
    if not DecideForm().validate_on_submit():
        abort(400)
    ids, accepted = _wished()
    known = {scan.id for scan in flagged_scans(db.session(), session.id)}
    known |= {scan.id for each in conflicts(db.session(), session.id) for scan in each.scans}
    chosen = [each for each in ids if each in known][:MOST_AT_ONCE]
    try:
        if chosen:
            decide_scans(db.session(), chosen, accepted, require_actor(), utc_now())
            flash(ngettext("%(num)s scan is decided.", "%(num)s scans are decided.", len(chosen)))
    except UnknownScan:
        abort(404)
    except UntraceableScan:
        flash(
            _("Nobody can tell any more whom this scan counted: the year is closed. Correct the total by hand."), "no"
        )
    return redirect(url_for("checkin_staff.closing", key=key) + "#flagged")


def flagged_panel(session: Session, *_rest: object) -> Markup:
    """For the closing page: nothing when all is well."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.SESSIONS_CLOSE, session.activity.organisation_id):
        return Markup()
    waiting = flagged_scans(db.session(), session.id)
    twice = conflicts(db.session(), session.id)
    if not waiting and not twice:
        return Markup()
    by_flag: dict[str, list[SeenScan]] = {}
    for scan in waiting:
        by_flag.setdefault(scan.flag or "", []).append(scan)
    page = render_template(
        "checkin/_flagged.html",
        session=session,
        form=DecideForm(formdata=None),
        groups=[(_flag_text(flag), scans) for flag, scans in sorted(by_flag.items())],
        conflicts=twice,
        people_of=_people_of,
    )
    return Markup(page)  # noqa: S704


def _wished() -> tuple[list[str], bool]:
    """The pressed button's ids, separated by spaces, and whether it accepts."""
    accept = request.form.get("accept")
    return (accept or request.form.get("reject", "")).split(), accept is not None


def _people_of(scan: SeenScan) -> str:
    if scan.kind is ScanKind.UNDO:
        return str(_("Takes an earlier scan back"))
    if scan.whole and scan.flag in ("unknown", "sensitive"):
        return people_words(1, 0)
    if scan.whole:
        return str(_("The whole household"))
    return people_words(scan.people.adults, scan.people.children)


def _flag_text(flag: str) -> str:
    texts = {
        "revoked": _("From a phone that was stopped. Does not count yet."),
        "late": _("Sent more than 14 days afterwards. Does not count yet."),
        "cleared": _("Sent after the year was closed: they may be counted already. Does not count yet."),
        "untraceable": _(
            "Takes back a scan of a year that is closed, and nobody can tell any more whom it counted. Correct the "
            "total by hand, then reject this."
        ),
        "window": _("Made outside the door's hours. Does not count yet."),
        "sensitive": _("A card at a session that only counts people. Does not count yet."),
        "surplus": _("More people than the card has places. Accept: all of them count."),
        "no_sign_up": _("A card without a sign-up for this session. Counts."),
        "unknown": _("A code that no card has. Counts as people without a card."),
        "clock": _("The phone's clock was wrong. Counts."),
    }
    return str(texts.get(flag, flag))
