"""The household's own pages, opened by the link secret alone: card, print, cancel, my data, forget."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.accounts.routes import current_actor
from integration.activities.models import Session
from integration.i18n.languages import language
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.mail.post_office import post_office
from integration.registration.cards import SAY_AND_SHOW, card_language, feed_token, qr_content, shown
from integration.registration.errors import SessionPast
from integration.registration.forms import CancelForm, ConfirmForm
from integration.registration.messages import can_be_asked, has_contact
from integration.registration.models import Card, Registration, WaitingEntry
from integration.registration.queries import (
    card_by_link,
    coming_registrations,
    registration_of,
    waiting_of_household,
)
from integration.registration.queries.holds import held_of_household
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    forget_on_phone,
    private,
    remembered_secrets,
)
from integration.registration.routes.rows import next_starts, rows_of
from integration.registration.routes.series_rows import series_blocks
from integration.registration.routes.waiting_rows import taken_in, waiting_rows
from integration.registration.services import (
    cancel_registration,
    delete_household,
    set_reminders,
    stop_feed,
)
from integration.web.access import public
from integration.web.headers import keep_private
from integration.web.links import absolute_url, webcal_url
from integration.web.qr import qr_svg


@blueprint.get("/<language:language>/cards/<secret>", endpoint="card_page")
@public
def card_page(secret: str) -> Response:
    """The card, what the household signed up for, and the ways to change it. Looking changes nothing."""
    card = card_by_link(db.session(), secret)
    return private(
        render_template(
            "registration/card_page.html",
            card=card,
            secret=secret,
            qr=_qr(card),
            code=shown(codes_of(card).short_code),
            has_contact=has_contact(card.household),
            can_be_asked=can_be_asked(card.household),
            sends_sms=post_office().gateway is not None,
            just_waits=request.args.get("waiting", ""),
            is_remembered=codes_of(card).link_secret in remembered_secrets(),
            remembers_another=bool(remembered_secrets()),
            may_remember=current_actor() is None,
            held=held_of_household(db.session(), card.household_id),
            form=ConfirmForm(),
            **_ahead(card.household_id, utc_now()),
        )
    )


def _ahead(household_id: int, now: datetime) -> dict[str, Any]:
    """What the household has coming, and what it waits for; a series in a block of its own."""
    coming = coming_registrations(db.session(), household_id, now)
    waiting = waiting_of_household(db.session(), household_id, now)
    queues, new = waiting_rows(waiting, now), request.args.get("registered", "")
    had: list[Registration | WaitingEntry] = [each for each, _session in coming]
    had += [each.entry for each in waiting]
    blocks = series_blocks(db.session(), household_id, had, now)
    in_blocks = {each.series.id for each in blocks}
    apart = [each for each in coming if each[0].series_id not in in_blocks]
    return {
        "rows": rows_of(apart, next_starts(db.session(), apart, now)),
        "queues": [each for each in queues if each.entry.series_id not in in_blocks or each.offer_until],
        "positions": {each.entry.id: each.position for each in queues if each.position},
        "series": blocks,
        "taken_in": taken_in(waiting),
        "just_registered": next((each for each, _session in coming if str(each.id) == new), None),
    }


@blueprint.get("/<language:language>/cards/<secret>/card.svg", endpoint="card_drawing")
@public
def card_drawing(secret: str) -> Response:
    """The card as a picture to keep: the QR and the code to say, without a name."""
    card = card_by_link(db.session(), secret)
    drawing = render_template("registration/card.svg", qr=_qr(card), code=shown(codes_of(card).short_code))
    response = make_response(drawing)
    response.mimetype = "image/svg+xml"
    response.headers["Content-Disposition"] = 'attachment; filename="delaktig.svg"'
    return keep_private(response)


@blueprint.get("/<language:language>/cards/<secret>/print", endpoint="card_print")
@public
def card_print(secret: str) -> Response:
    """The card in the size of a bank card, to print and cut out."""
    card = card_by_link(db.session(), secret)
    spoken = card_language(card.household.language)
    say, show = SAY_AND_SHOW[spoken]
    page = render_template(
        "registration/card_print.html",
        card=card,
        spoken=language(spoken),
        say=say,
        show=show,
        secret=secret,
        qr=_qr(card),
        code=shown(codes_of(card).short_code),
    )
    return private(page)


@blueprint.route("/<language:language>/cards/<secret>/cancel", methods=["GET", "POST"], endpoint="cancel")
@public
def cancel(secret: str) -> Response:
    """Ask whether to give the places back; the POST does it and thanks."""
    card = card_by_link(db.session(), secret)
    form = CancelForm(request.values)
    registration, session = _own_registration(card, form.registration.data or "")
    if request.method != "POST" or not form.validate_on_submit():
        page = render_template(
            "registration/cancel.html", secret=secret, registration=registration, session=session, form=form
        )
        return private(page, 400 if request.method == "POST" else 200)
    _give_back(registration, session)
    return redirect(url_for("registration.card_page", secret=secret), 303)


@blueprint.post("/<language:language>/cards/<secret>/delete", endpoint="delete")
@public
def delete(secret: str) -> Response:
    """Delete the household: its places go to others, its card opens nothing any more."""
    card = card_by_link(db.session(), secret)
    forget_on_phone(codes_of(card).link_secret)
    delete_household(db.session(), card.household, utc_now())
    flash(_("Everything about you is deleted. The card does not open doors any more."))
    return redirect(url_for("activities.whats_on"), 303)


@blueprint.post("/<language:language>/cards/<secret>/reminders", endpoint="reminders")
@public
def reminders(secret: str) -> Response:
    """Turn reminders on or off: they are the one thing that is sent only as long as the household wants it."""
    card = card_by_link(db.session(), secret)
    wanted = request.form.get("wanted") == "yes"
    set_reminders(db.session(), card.household, wanted=wanted)
    flash(_("We will remind you the day before.") if wanted else _("We will not remind you any more."))
    return redirect(url_for("registration.card_page", secret=secret), 303)


@blueprint.get("/<language:language>/cards/<secret>/calendar", endpoint="card_calendar")
@public
def card_calendar(secret: str) -> Response:
    """The address of the household's own feed, how to subscribe to it, and how to stop it."""
    card = card_by_link(db.session(), secret)
    token = feed_token(card_key(), card.id, card.issue, card.feed_issue)
    page = render_template(
        "registration/card_calendar.html",
        secret=secret,
        webcal=webcal_url("calendars.feed_card", token=token, lang=current_code()),
        address=absolute_url("calendars.feed_card", token=token, lang=current_code()),
        form=ConfirmForm(),
    )
    return private(page)


@blueprint.post("/<language:language>/cards/<secret>/calendar", endpoint="stop_feed")
@public
def stop_address(secret: str) -> Response:
    """Let the feed's address die, for instance when it was shown to somebody; a new one stands on the page."""
    stop_feed(card_by_link(db.session(), secret))
    flash(_("The old address has stopped. Here is a new one."))
    return redirect(url_for("registration.card_calendar", secret=secret), 303)


@blueprint.post("/<language:language>/cards/<secret>/forget", endpoint="forget")
@public
def forget(secret: str) -> Response:
    """Forget the household on this phone only; its card and places stay."""
    forget_on_phone(secret.upper())
    flash(_("This phone has forgotten you. Your card and your places are still yours."))
    return redirect(url_for("activities.whats_on"), 303)


def _qr(card: Card) -> Markup:
    base_url = current_app.extensions["settings"].base_url
    return qr_svg(qr_content(base_url, codes_of(card).pass_code))


def _own_registration(card: Card, number: str) -> tuple[Registration, Session]:
    if not re.fullmatch("[0-9]{1,19}", number) or int(number) >= 2**63:
        raise NotFound
    return registration_of(db.session(), card.household_id, int(number))


def _give_back(registration: Registration, session: Session) -> None:
    try:
        given_back = cancel_registration(db.session(), registration, session, utc_now())
    except SessionPast:
        flash(_("That session is over, so there is nothing to cancel."), "calm")
        return
    if given_back:
        flash(_("You have cancelled. Thank you for telling us: now someone else can come."))
