"""What became of messages: of one session, and of all that need somebody."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.queries import sessions_by_id
from integration.activities.rules import title_of
from integration.audit.services import Audited
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.mail.errors import NothingToResend
from integration.mail.models import DropReason, MessageState
from integration.mail.post_office import post_office
from integration.mail.queries import message_groups, troubled_messages, untold_about, untold_counts
from integration.mail.services import resend_message
from integration.registration.forms import ConfirmForm
from integration.registration.queries.households import addressees_by_id
from integration.registration.routes.blueprint import number_of, private
from integration.registration.routes.message_words import KINDS
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session, session_to_change
from integration.web.access import requires

LOOKED_BACK = timedelta(days=30)
"""Who could not be told longer ago than that is nobody's task any more."""
STATES = {
    MessageState.QUEUED: ("calm", "clock", _l("Waits")),
    MessageState.SENDING: ("calm", "clock", _l("Being sent")),
    MessageState.SENT: ("ok", "mail", _l("Sent")),
    MessageState.FAILED: ("no", "warn", _l("Failed")),
    MessageState.DOUBTFUL: ("wait", "warn", _l("May not have arrived")),
}
DROPPED = {
    DropReason.UNREACHABLE: ("wait", "warn", _l("Could not be told")),
    DropReason.ERASED: ("calm", "bin", _l("Household deleted")),
    DropReason.OUTDATED: ("calm", "undo", _l("Not needed any more")),
}


@blueprint.get("/<language:language>/staff/sessions/<key>/messages", endpoint="messages")
@requires(Permission.REGISTRATIONS_READ)
def messages(key: str) -> Response:
    """Kind, way, state, how many and when; whom to call; what to send again. Numbers to ring leave a trace."""
    session = own_session(key)
    about = f"session:{session.id}"
    untold, troubled = untold_about(db.session(), about), troubled_messages(db.session(), about)
    recipients = {each.recipient_id for each in untold} | {each.recipient_id for each in troubled}
    known = addressees_by_id(db.session(), recipients)
    if known:
        leave_trace(session.id, len(known))
    office = post_office()
    page = render_template(
        "registration/messages.html",
        session=session,
        title=title_of(session),
        groups=message_groups(db.session(), about),
        untold=[(known.get(each.recipient_id), each.kinds) for each in untold],
        troubled=[(each, known.get(each.recipient_id)) for each in troubled],
        kinds=KINDS,
        state_of=lambda group: DROPPED.get(group.drop_reason) or STATES[group.state],
        mails=office.server is not None,
        sends_sms=office.gateway is not None,
        form=ConfirmForm(),
        section="registration_staff.all_messages",
    )
    return private(page)


@blueprint.post("/<language:language>/staff/sessions/<key>/messages/resend", endpoint="resend")
@requires(Permission.REGISTRATIONS_WRITE)
def resend(key: str) -> Response:
    """Send one again by hand: only a person may risk that somebody gets it twice."""
    session = session_to_change(key)
    try:
        resend_message(db.session(), number_of(request.form.get("message", "")), f"session:{session.id}", utc_now())
    except NothingToResend:
        flash(_("This message needs no sending again."), "calm")
    else:
        leave_trace(session.id, 1, Audited.MESSAGE_RESENT)
        flash(_("It is in the queue to be sent again."))
    return redirect(url_for("registration_staff.messages", key=session.key), 303)


@blueprint.get("/<language:language>/staff/messages", endpoint="all_messages")
@requires(Permission.REGISTRATIONS_READ)
def all_messages() -> str:
    """Every session about which something failed, is in doubt, or somebody could not be told; in numbers only."""
    allowed = require_actor().organisations(Permission.REGISTRATIONS_READ)
    doubtful: dict[str, int] = {}
    for each in troubled_messages(db.session()):
        doubtful[each.about] = doubtful.get(each.about, 0) + (each.state == MessageState.DOUBTFUL)
    untold = untold_counts(db.session(), None, utc_now() - LOOKED_BACK)
    ids = {int(about.partition(":")[2]) for about in {**doubtful, **untold} if about.startswith("session:")}
    found = [
        each
        for each in sessions_by_id(db.session(), ids).values()
        if allowed is None or each.activity.organisation_id in allowed
    ]
    rows = [(each, doubtful.get(f"session:{each.id}", 0), untold.get(f"session:{each.id}", 0)) for each in found]
    return render_template(
        "registration/all_messages.html",
        rows=sorted((row for row in rows if row[1] or row[2]), key=lambda row: row[0].starts_at, reverse=True),
        title_of=title_of,
    )
