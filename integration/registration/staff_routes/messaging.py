"""A message to all who come: first whom it reaches and in which languages, then the words."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.rules import title_of
from integration.i18n.languages import language
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.mail.post_office import post_office
from integration.registration.forms.staff_forms import MESSAGE_LENGTH, MessageForm
from integration.registration.messages import Reach, has_contact, queue_staff_message, reach_of
from integration.registration.queries import registrations_of_session
from integration.registration.routes.blueprint import private
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, session_to_change
from integration.web.access import requires

FIRST = ("sv", "fi", "en")


@blueprint.route("/<language:language>/staff/sessions/<key>/message", methods=["GET", "POST"])
@requires(Permission.REGISTRATIONS_WRITE)
def message(key: str) -> Response:
    """Write to everybody who comes. Those without a contact are named, so that somebody rings or tells them."""
    session = session_to_change(key)
    people = registrations_of_session(db.session(), session.id)
    form, reach = MessageForm(), reach_of(db.session(), session.id)
    form.offer([(code, language(code).name) for code in sorted(reach.languages) if code not in FIRST])
    if people and form.validate_on_submit():
        told = queue_staff_message(db.session(), session, form.texts(), people, require_actor(), utc_now())
        flash(_told_words(told))
        return redirect(url_for("registration_staff.registrations", key=session.key), 303)
    leave_trace(session.id, len(people))
    page = render_template(
        "registration/message.html",
        session=session,
        title=title_of(session),
        people=people,
        reach=reach,
        languages=[(language(code), number) for code, number in reach.languages.most_common() if number],
        not_reached=[each for each in people if not has_contact(each.household)],
        first=[language(code) for code in FIRST],
        longest=MESSAGE_LENGTH,
        sms=post_office().gateway is not None,
        form=form,
        section="activities_staff.activities",
    )
    return private(page, 422 if form.errors else 200)


def _told_words(reach: Reach) -> str:
    reached = reach.languages.total()
    if reach.unreachable:
        return str(
            _(
                "The message is on its way to %(reached)s households. %(others)s could not be told: ring them.",
                reached=reached,
                others=reach.unreachable,
            )
        )
    return str(_("The message is on its way to %(reached)s households.", reached=reached))
