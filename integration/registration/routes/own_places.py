"""What a household does with its places and its turns in queues: change, answer an offer, leave, cancel all."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.activities.errors import SessionFull
from integration.activities.models import Session
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.errors import OfferOver, SignUpClosed
from integration.registration.forms import ConfirmForm, PlacesForm
from integration.registration.models import Card, Registration, WaitingEntry
from integration.registration.queries import (
    Waiting,
    card_by_link,
    coming_registrations,
    entry_of,
    open_entry,
    registration_of,
    waiting_of_household,
)
from integration.registration.routes.blueprint import blueprint, number_of, private
from integration.registration.rules import MOST_PEOPLE
from integration.registration.services import (
    accept_offer,
    cancel_everything,
    change_places,
    fill_places,
    leave_queue,
)
from integration.web.access import public


@blueprint.route("/<language:language>/cards/<secret>/places", methods=["GET", "POST"], endpoint="change_places")
@public
def places(secret: str) -> Response:
    """How many come; the POST changes it, or lets what is added wait."""
    card = card_by_link(db.session(), secret)
    registration, session = _changeable(card, request.values.get("registration", ""))
    form = PlacesForm(request.values if request.method == "POST" else None, data={"registration": registration.id})
    form.ask(registration, age_groups=session.activity.asks_age_groups)
    if request.method != "POST":
        return _places_page(secret, registration, session, form)
    if not form.validate_on_submit():
        return _places_page(secret, registration, session, form, status=422)
    try:
        answer = change_places(db.session(), registration, session, form.people(), utc_now())
    except Refusal as refusal:
        return _places_page(secret, registration, session, form, refusal=refusal, status=409)
    _say_what_changed(answer)
    return redirect(url_for("registration.card_page", secret=secret, _anchor=f"r{registration.id}"), 303)


@blueprint.post("/<language:language>/cards/<secret>/accept", endpoint="accept_offer")
@public
def accept(secret: str) -> Response:
    """Take the places that are kept: one tap, and a second tap finds them taken."""
    card = card_by_link(db.session(), secret)
    waiting = _own_entry(card, request.form.get("entry", ""))
    try:
        registration = accept_offer(db.session(), waiting.entry, waiting.session, utc_now())
    except OfferOver:
        fill_places(db.session(), waiting.session, utc_now())
        flash(_("The time to answer is over, and the place is for the next family."), "calm")
        return redirect(url_for("registration.card_page", secret=secret), 303)
    return redirect(
        url_for("registration.card_page", secret=secret, registered=registration.id, _anchor=f"r{registration.id}"),
        303,
    )


@blueprint.post("/<language:language>/cards/<secret>/leave", endpoint="leave_queue")
@public
def leave(secret: str) -> Response:
    """Leave a queue, or say no to an offer: one tap."""
    card = card_by_link(db.session(), secret)
    waiting = _own_entry(card, request.form.get("entry", ""))
    if leave_queue(db.session(), waiting.entry, waiting.session, utc_now()):
        flash(_("You are not on the waiting list any more. Thank you for telling us."))
    return redirect(url_for("registration.card_page", secret=secret), 303)


@blueprint.route("/<language:language>/cards/<secret>/cancel-all", methods=["GET", "POST"], endpoint="cancel_all")
@public
def cancel_all(secret: str) -> Response:
    """Ask whether to give back everything; the POST does it and thanks."""
    card = card_by_link(db.session(), secret)
    form, now = ConfirmForm(), utc_now()
    if request.method == "POST" and form.validate_on_submit():
        if cancel_everything(db.session(), card.household_id, now):
            flash(_("You have cancelled. Thank you for telling us: now someone else can come."))
        return redirect(url_for("registration.card_page", secret=secret), 303)
    coming = [session for _each, session in coming_registrations(db.session(), card.household_id, now)]
    queues = [each.session for each in waiting_of_household(db.session(), card.household_id, now) if each.entry.is_open]
    page = render_template(
        "registration/cancel_all.html",
        secret=secret,
        sessions=coming,
        queues=[session for session in queues if session not in coming],
        form=form,
    )
    return private(page, 400 if request.method == "POST" else 200)


def _places_page(
    secret: str,
    registration: Registration,
    session: Session,
    form: PlacesForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "registration/places.html",
        secret=secret,
        registration=registration,
        session=session,
        form=form,
        most_people=MOST_PEOPLE,
        wish=open_entry(db.session(), session.id, registration.household_id),
        closed=isinstance(refusal, SignUpClosed),
        full=isinstance(refusal, SessionFull),
    )
    return private(page, status)


def _changeable(card: Card, number: str) -> tuple[Registration, Session]:
    """One of the household's places that it may change: not given back, no individual time; else NotFound."""
    registration, session = registration_of(db.session(), card.household_id, number_of(number))
    if registration.cancelled_at is not None or session.slot_minutes is not None:
        raise NotFound
    return registration, session


def _own_entry(card: Card, number: str) -> Waiting:
    return entry_of(db.session(), card.household_id, number_of(number))


def _say_what_changed(answer: Registration | WaitingEntry) -> None:
    if isinstance(answer, Registration):
        flash(_("Saved. Now we know how many you are."))
        return
    words = ngettext(
        "You keep your places. %(num)s more person waits for a place.",
        "You keep your places. %(num)s more people wait for places.",
        answer.places,
    )
    flash(words, "calm")
