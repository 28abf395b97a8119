"""The blueprint, and whose registrations may be read."""

from __future__ import annotations

from flask import Blueprint, abort

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


def leave_trace(session_id: int, rows: int) -> None:
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
