"""The staff home: now, to confirm, missing, coming."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.queries import publication_gaps
from integration.activities.rules import TextPart, title_of
from integration.checkin.queries import desk
from integration.checkin.staff_routes.blueprint import blueprint, where_and_when
from integration.kernel.clock import utc_now
from integration.kernel.database import Texts, db
from integration.web.access import requires


@dataclass(frozen=True)
class Missing:
    """Something that a coming session lacks, and where to add it."""

    session: Session
    title: Texts
    text: str
    verb: str
    url: str


@blueprint.get("/<language:language>/staff/", endpoint="today")
@requires(Permission.STAFF_HOME)
def today() -> str:
    """What an organiser's day is made of; those who organise nothing see the way to their own pages."""
    now = utc_now()
    actor = require_actor()
    found = desk(db.session(), actor.organisations(Permission.SESSIONS_CLOSE), now)
    missing = [each for session in (*found.now, *found.coming) for each in _missing(session)]
    return render_template(
        "checkin/today.html",
        now=now,
        desk=found,
        missing=missing[:12],
        title_of=title_of,
        where_and_when=where_and_when,
        organises=actor.can(Permission.SESSIONS_CLOSE),
        badges={"checkin_staff.today": len(found.to_confirm)},
    )


def _missing(session: Session) -> list[Missing]:
    title = title_of(session)
    gaps = publication_gaps(session)
    lacks = []
    if gaps:
        url = url_for("activities_staff.session_edit", key=session.key)
        lacks.append(Missing(session, title, _gap_text(gaps[0].part, gaps[0].language), _("Write"), url))
    return lacks


def _gap_text(part: TextPart, code: str) -> str:
    """Which text keeps the page from being shown (rule 15)."""
    texts: dict[tuple[TextPart, str], str] = {
        (TextPart.TITLE, "sv"): _("The Swedish title is missing, so the page is not shown yet."),
        (TextPart.TITLE, "fi"): _("The Finnish title is missing, so the page is not shown yet."),
        (TextPart.DESCRIPTION, "sv"): _("The Swedish description is missing, so the page is not shown yet."),
        (TextPart.DESCRIPTION, "fi"): _("The Finnish description is missing, so the page is not shown yet."),
        (TextPart.VENUE, "sv"): _("The Swedish name of the place is missing, so the page is not shown yet."),
        (TextPart.VENUE, "fi"): _("The Finnish name of the place is missing, so the page is not shown yet."),
    }
    return texts[part, code]
