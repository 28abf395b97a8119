"""What a household wishes beyond letters: an SMS two hours before."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.kernel.database import db
from integration.registration.queries import card_by_link
from integration.registration.routes.blueprint import blueprint
from integration.registration.services.households import set_sms_reminders
from integration.web.access import public


@blueprint.post("/<language:language>/cards/<secret>/sms-reminders", endpoint="sms_reminders")
@public
def sms_reminders(secret: str) -> Response:
    """Turn the SMS two hours before on or off; it is sent only to those who ask for it."""
    card = card_by_link(db.session(), secret)
    wanted = request.form.get("wanted") == "yes"
    set_sms_reminders(db.session(), card.household, wanted=wanted)
    flash(_("We will send an SMS two hours before.") if wanted else _("We will send no SMS two hours before."))
    return redirect(url_for("registration.card_page", secret=secret), 303)
