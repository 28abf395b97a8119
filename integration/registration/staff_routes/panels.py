"""What registration tells on the hub of a session."""

from __future__ import annotations

from flask import render_template
from markupsafe import Markup

from integration.accounts.routes import current_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session, SessionKind
from integration.kernel.database import db
from integration.mail.post_office import post_office
from integration.mail.queries import messages_about
from integration.registration.queries import registration_totals
from integration.registration.queries.groups import group_totals


def session_panel(session: Session, *_rest: object) -> Markup:
    """For the hub of one session: how many signed up, and the way to who."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        return Markup()
    totals = registration_totals(db.session(), session.id)
    return Markup(render_template("registration/_session_panel.html", session=session, totals=totals))  # noqa: S704


def groups_panel(session: Session, *_rest: object) -> Markup:
    """For the hub of one session: how many groups come, and at a fair how many stands there are."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        return Markup()
    totals, stands = group_totals(db.session(), session.id), session.kind == SessionKind.FAIR
    if not totals.groups and not stands:
        return Markup()
    page = render_template("registration/_groups_panel.html", session=session, totals=totals, stands=stands)
    return Markup(page)  # noqa: S704


def messages_panel(session: Session, *_rest: object) -> Markup:
    """For the hub of one session: what became of the messages about it, in numbers; addresses stay unseen."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        return Markup()
    counts = messages_about(db.session(), f"session:{session.id}")
    if not counts.any:
        return Markup()
    sends = post_office().server is not None
    return Markup(render_template("registration/_messages_panel.html", counts=counts, sends=sends, session=session))  # noqa: S704
