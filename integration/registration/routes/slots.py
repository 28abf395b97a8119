"""Individual times: one is booked from the session's page, and changed from the household's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.activities.models import Session, Slot
from integration.activities.queries import is_reachable, session_by_key
from integration.activities.rules import title_of
from integration.i18n.languages import Language, language
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.errors import SessionIsCancelled, SessionPast, SlotTaken
from integration.registration.forms import ConfirmForm, SlotBookForm
from integration.registration.models import Card, Registration
from integration.registration.queries import Known, card_by_link, registration_of, remembered_card
from integration.registration.queries.slots import free_slots
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    private,
    remember,
    remembered_secret,
)
from integration.registration.rules import KEPT_DAYS, Situation, situation
from integration.registration.services.slots import Booking, book_slot, change_slot
from integration.web.access import public


@dataclass(frozen=True)
class Times:
    """The free times in one language, each time once however many desks have it."""

    language: Language
    slots: list[Slot]


def free_times(session: Session) -> list[Times]:
    """What can be booked, by the adviser's language in the order of its first free time."""
    groups: dict[str, dict[object, Slot]] = {}
    for slot in free_slots(db.session(), session.id, utc_now()):
        groups.setdefault(slot.language, {}).setdefault(slot.starts_at, slot)
    return [Times(language(code), list(slots.values())) for code, slots in groups.items()]


@blueprint.route("/<language:language>/sessions/<key>/times/<int:slot_id>", methods=["GET", "POST"])
@public
def slot_book(key: str, slot_id: int) -> Response:
    """Book this time: a name is enough."""
    session = session_by_key(db.session(), key)
    slot = _slot(session, slot_id)
    remembered = _remembered(session)
    form = _form(remembered)
    opens = situation(session, utc_now()) in (Situation.OPEN, Situation.FULL)
    if not opens or (remembered and remembered.registration):
        return redirect(url_for("registration.session_page", key=key), 303)
    if not form.validate_on_submit():
        return _page(session, slot, form, status=422 if form.errors else 200)
    try:
        signed_up = _book(session, slot, remembered, form)
    except Refusal:
        return _page(session, slot, form, taken=True, status=409)
    return _to_card(signed_up)


@blueprint.route("/<language:language>/cards/<secret>/time", methods=["GET", "POST"])
@public
def slot_change(secret: str) -> Response:
    """Choose another time; the household keeps its own until it has the other one."""
    card = card_by_link(db.session(), secret)
    registration, session = _own_registration(card)
    taken = False
    if request.method == "POST" and ConfirmForm().validate_on_submit():
        try:
            change_slot(db.session(), registration, session, _asked_slot(), utc_now())
        except SlotTaken:
            taken = True
        except (SessionPast, SessionIsCancelled):
            return redirect(url_for("registration.card_page", secret=secret), 303)
        else:
            flash(_("You have another time now."))
            return redirect(url_for("registration.card_page", secret=secret, _anchor=f"r{registration.id}"), 303)
    page = render_template(
        "registration/slot_change.html",
        secret=secret,
        registration=registration,
        session=session,
        title=title_of(session),
        times=free_times(session),
        taken=taken,
        form=ConfirmForm(),
    )
    return private(page, 409 if taken else 200)


def _slot(session: Session, slot_id: int) -> Slot:
    slot = db.session().get(Slot, slot_id) if slot_id < 2**31 else None
    if slot is None or slot.session_id != session.id or not is_reachable(session):
        raise NotFound(slot_id)
    return slot


def _remembered(session: Session) -> Known | None:
    secret = remembered_secret()
    return remembered_card(db.session(), secret, session.id) if secret else None


def _form(remembered: Known | None) -> SlotBookForm:
    form = SlotBookForm()
    if remembered is None:
        del form.for_whom
    else:
        form.known_name = remembered.card.household.name
    if request.method != "POST":
        form.renew_token()
    return form


def _book(session: Session, slot: Slot, remembered: Known | None, form: SlotBookForm) -> Booking:
    return book_slot(
        db.session(),
        session,
        remembered.card.household if remembered and form.is_for_us else None,
        slot.id,
        name=form.name.data or "",
        phone=form.phone_number,
        email=form.email_address,
        help=form.help.data,
        language=current_code(),
        form_token=form.form_token.data or "",
        card_key=card_key(),
        now=utc_now(),
    )


def _to_card(signed_up: Booking) -> Response:
    secret = codes_of(signed_up.card).link_secret
    remember(secret)
    number = signed_up.registration.id
    return redirect(url_for("registration.card_page", secret=secret, registered=number, _anchor=f"r{number}"), 303)


def _page(session: Session, slot: Slot, form: SlotBookForm, *, taken: bool = False, status: int) -> Response:
    """The form, or, when somebody was quicker, what is still free."""
    free = free_times(session)
    gone = taken or all(each.id != slot.id for times in free for each in times.slots)
    page = render_template(
        "registration/slot_book.html",
        session=session,
        title=title_of(session),
        slot=slot,
        spoken=language(slot.language),
        form=form,
        taken=gone,
        times=free,
        kept_days=KEPT_DAYS,
    )
    return private(page, 409 if gone else status)


def _own_registration(card: Card) -> tuple[Registration, Session]:
    number = request.values.get("registration", "")
    if not re.fullmatch("[0-9]{1,19}", number) or int(number) >= 2**63:
        raise NotFound
    registration, session = registration_of(db.session(), card.household_id, int(number))
    if registration.cancelled_at or session.slot_minutes is None:
        raise NotFound
    return registration, session


def _asked_slot() -> int:
    asked = request.form.get("slot", "")
    return int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 0
