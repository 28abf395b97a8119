"""What the staff pages of the door share: their blueprint, and the session that an actor may work with."""

from __future__ import annotations

from flask import Blueprint, abort
from markupsafe import Markup

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.queries import session_by_key
from integration.i18n.dates import time_range
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import db

blueprint = Blueprint("checkin_staff", __name__)


def own_session(key: str, permission: Permission) -> Session:
    """The session, if its organisation is one in which the actor has this permission."""
    session = session_by_key(db.session(), key)
    if not require_actor().can(permission, session.activity.organisation_id):
        abort(403)
    return session


def where_and_when(session: Session) -> Markup:
    """ "Alma, 18:00–20:00"; without a venue only the times."""
    times = Markup.escape(time_range(session.starts_at, session.ends_at))
    if session.venue is None:
        return times
    return Markup("{}, {}").format(localize(session.venue.name, current_code()), times)
