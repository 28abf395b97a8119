"""What the door contributes to pages of other features."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.checkin.queries import session_counts
from integration.checkin.queries.groups import counted_groups
from integration.kernel.clock import utc_now
from integration.kernel.database import db


def session_panel(session: Session, *_rest: object) -> Markup:
    """For the hub of one session: how many came, and the ways to the door and to closing."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        return Markup()
    counts = session_counts(db.session(), [session.id])[session.id]
    begun = session.starts_at <= utc_now() or counts.total > 0
    return Markup(  # noqa: S704
        render_template("checkin/_session_panel.html", session=session, counts=counts, begun=begun)
    )


def groups_panel(session: Session, *_rest: object) -> Markup:
    """For the closing of a session: groups that signed up and have not been counted yet, and the way to do it."""
    rows = counted_groups(db.session(), session.id)
    if not rows:
        return Markup()
    missing = [each for each in rows if each.came is None]
    return Markup(  # noqa: S704
        render_template("checkin/_groups_panel.html", session=session, rows=rows, missing=missing)
    )
