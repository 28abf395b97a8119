"""The blueprint, and whose registrations may be read."""

from __future__ import annotations

from flask import Blueprint, abort, request

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.queries import session_by_key
from integration.audit.services import Audited, record
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, own_transaction

blueprint = Blueprint("registration_staff", __name__)


def own_session(key: str) -> Session:
    """The session, if its organisation is one in which the actor may read registrations."""
    session = session_by_key(db.session(), key)
    if not require_actor().can(Permission.REGISTRATIONS_READ, session.activity.organisation_id):
        abort(403)
    return session


def session_to_change(key: str) -> Session:
    """The session, if its organisation is one in which the actor may act for households."""
    session = own_session(key)
    if not require_actor().can(Permission.REGISTRATIONS_WRITE, session.activity.organisation_id):
        abort(403)
    return session


def leave_trace(session_id: int, rows: int, action: Audited = Audited.REGISTRATIONS_READ, **facts: object) -> None:
    """A page that is only read rolls back: the trace of reading has a transaction of its own.

    What is sent (POST) has the request's: an embedded database has one writer, and the request is it already.
    """
    traced = {"account_id": require_actor().account_id, "now": utc_now(), "rows": rows, **facts}
    if request.method == "POST":
        record(db.session(), action, "session", session_id, **traced)  # type: ignore[arg-type]
        return
    with own_transaction() as connection, DbSession(connection) as trail:
        record(trail, action, "session", session_id, **traced)  # type: ignore[arg-type]
        trail.flush()
