"""Who comes to a session."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.activities.rules import title_of
from integration.kernel.database import db
from integration.registration.queries import registration_totals, registrations_of_session
from integration.registration.routes.blueprint import private
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires


@blueprint.get("/<language:language>/staff/sessions/<key>/registrations", endpoint="registrations")
@requires(Permission.REGISTRATIONS_READ)
def registrations(key: str) -> Response:
    """Who comes: name to call, places, needs. Reading it leaves a trace, for it is personal data."""
    session = own_session(key)
    people = registrations_of_session(db.session(), session.id)
    leave_trace(session.id, len(people))
    page = render_template(
        "registration/registrations.html",
        session=session,
        title=title_of(session),
        registrations=people,
        totals=registration_totals(db.session(), session.id),
    )
    return private(page)
