"""Staff pages of registration: who comes to a session."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.accounts.routes import current_actor, require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.queries import session_by_key
from integration.activities.rules import title_of
from integration.audit.services import Audited, record
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, own_transaction
from integration.mail.post_office import post_office
from integration.mail.queries import messages_about
from integration.registration.queries import registration_totals, registrations_of_session
from integration.registration.routes.blueprint import private
from integration.web.access import requires

blueprint = Blueprint("registration_staff", __name__)


@blueprint.get("/<language:language>/staff/sessions/<key>/registrations", endpoint="registrations")
@requires(Permission.REGISTRATIONS_READ)
def registrations(key: str) -> Response:
    """Who comes: name to call, places, needs. Reading it leaves a trace, for it is personal data."""
    session = _own_session(key)
    people = registrations_of_session(db.session(), session.id)
    _leave_trace(session.id, len(people))
    page = render_template(
        "registration/registrations.html",
        session=session,
        title=title_of(session),
        registrations=people,
        totals=registration_totals(db.session(), session.id),
    )
    return private(page)


def session_panel(session: Session, *_rest: object) -> Markup:
    """For the hub of one session: how many signed up, and the way to who."""
    actor = current_actor()
    if actor is None or not actor.can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        return Markup()
    totals = registration_totals(db.session(), session.id)
    return Markup(render_template("registration/_session_panel.html", session=session, totals=totals))  # noqa: S704


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


def _own_session(key: str) -> Session:
    """The session, if its organisation is one in which the actor may read registrations."""
    session = session_by_key(db.session(), key)
    if not require_actor().can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        abort(403)
    return session


def _leave_trace(session_id: int, rows: int) -> None:
    """A page that is only read rolls back: the trace of reading has a transaction of its own."""
    account_id = require_actor().account_id
    with own_transaction() as connection, DbSession(connection) as trail:
        record(
            trail,
            Audited.REGISTRATIONS_READ,
            "session",
            session_id,
            account_id=account_id,
            now=utc_now(),
            rows=rows,
        )
        trail.flush()
