"""Two lines of the list that are one family: their cards become one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.registration.queries import card_of_household
from integration.registration.queries.comers import comers_of_session
from integration.registration.services import merge_households
from integration.registration.staff_routes.blueprint import blueprint, session_to_change
from integration.web.access import requires


@blueprint.post("/<language:language>/staff/sessions/<key>/registrations/<int:number>/merge/<int:other>")
@requires(Permission.REGISTRATIONS_WRITE)
def merge_doubles(key: str, number: int, other: int) -> Response:
    """Keep this household's card; the other's visits and places follow. Only what the list itself calls a double."""
    session = session_to_change(key)
    comers = {each.id: each for each in comers_of_session(db.session(), session.id)}
    kept, gone = comers.get(number), comers.get(other)
    if kept is None or gone is None or other not in {each.id for each in kept.doubles}:
        raise NotFound(number)
    cards = [card_of_household(db.session(), each.household_id or 0) for each in (kept, gone)]
    merge_households(db.session(), *cards, account_id=require_actor().account_id, now=utc_now())
    flash(_("Their two cards are one now. Where both had places, the larger number stays."))
    return redirect(url_for("registration_staff.registrations", key=session.key), 303)
