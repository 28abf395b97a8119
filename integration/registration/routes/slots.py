"""Individual times: one is booked from the session's page, and changed from the household's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.activities.models import Session, Slot
from integration.activities.queries import is_reachable, session_by_key, slots_of
from integration.activities.rules import free_places, title_of
from integration.i18n.languages import Language, language
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.errors import SessionIsCancelled, SessionPast, SlotTaken
from integration.registration.forms import ConfirmForm, SlotBookForm
from integration.registration.models import Card, Registration
from integration.registration.queries import Known, card_by_link, registration_of
from integration.registration.queries.slots import free_slots
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    network_here,
    private,
    remember,
)
from integration.registration.routes.for_whom import (
    chosen_by,
    chosen_household,
    first_known,
    for_whom,
    has_stake,
    households_here,
    keep_living,
)
from integration.registration.rules import KEPT_DAYS, Situation, situation, takes_queue
from integration.registration.services import held_back, note_arrival
from integration.registration.services.slots import ONE, book_slot, change_slot
from integration.web.access import public


@dataclass(frozen=True)
class Times:
    """The free times in one language, each time once however many desks have it."""

    language: Language
    slots: list[Slot]


def free_times(session: Session, *, awaited: bool = False) -> list[Times]:
    """What can be booked, by the adviser's language in the order of its first free time; see ``free_slots``."""
    groups: dict[str, dict[object, Slot]] = {}
    for slot in free_slots(db.session(), session.id, utc_now(), awaited=awaited):
        groups.setdefault(slot.language, {}).setdefault(slot.starts_at, slot)
    return [Times(language(code), list(slots.values())) for code, slots in groups.items()]


def spoken_here(session: Session) -> list[str]:
    """The languages of a session's advisers, in the order of their first time."""
    return list(dict.fromkeys(slot.language for slot in slots_of(db.session(), session.id)))


def to_choose(session: Session) -> dict[str, Any]:
    """What ``_slots.html`` shows: the times that a passer-by can have, and in which languages there is none."""
    times = free_times(session) if free_places(session.places) else []
    there = {each.language.code for each in times}
    return {
        "times": times,
        "not_free": [language(code) for code in spoken_here(session) if code not in there],
        "may_queue": takes_queue(session, utc_now()),
    }


@blueprint.route("/<language:language>/sessions/<key>/times/<int:slot_id>", methods=["GET", "POST"])
@public
def slot_book(key: str, slot_id: int) -> Response:
    """Book this time: a name is enough."""
    session = session_by_key(db.session(), key)
    slot = _slot(session, slot_id)
    remembered = households_here(session.id)
    form = _form(remembered)
    chosen = chosen_household(remembered)
    opens = situation(session, utc_now()) in (Situation.OPEN, Situation.FULL)
    if not opens or (chosen and has_stake(chosen)):
        return redirect(url_for("registration.session_page", key=key), 303)
    if not form.validate_on_submit():
        return _page(session, slot, remembered, form, status=422 if form.errors else 200)
    try:
        card, registration = _book(session, slot, remembered, form)
    except Refusal:
        return _page(session, slot, remembered, form, taken=True, status=409)
    keep_living(remembered)
    return _to_card(card, registration)


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
        times=free_times(session, awaited=registration.slot_id is None),
        taken=taken,
        form=ConfirmForm(),
    )
    return private(page, 409 if taken else 200)


def _slot(session: Session, slot_id: int) -> Slot:
    slot = db.session().get(Slot, slot_id) if slot_id < 2**31 else None
    if slot is None or slot.session_id != session.id or not is_reachable(session):
        raise NotFound(slot_id)
    return slot


def _form(remembered: list[Known]) -> SlotBookForm:
    form = SlotBookForm()
    form.know(chosen_by(remembered))
    if request.method != "POST":
        form.renew_token()
    return form


def _book(
    session: Session, slot: Slot, remembered: list[Known], form: SlotBookForm
) -> tuple[Card, Registration | None]:
    """Book, or, when it is part of a flood from one network, keep the wish for staff to look at first: only a card."""
    now, household = utc_now(), chosen_by(remembered)
    network = network_here(now)
    answers: dict[str, Any] = {
        **form.answers(),
        "language": current_code(),
        "card_key": card_key(),
        "now": now,
    }
    held = held_back(db.session(), network, session, household, people=ONE, slot_id=slot.id, **answers)
    if held is not None:
        return held, None
    booking = book_slot(db.session(), session, household, slot.id, **answers)
    owner = booking.card.household_id
    note_arrival(db.session(), network, owner, first_known(remembered), session.id, ONE, now)
    return booking.card, booking.registration


def _to_card(card: Card, registration: Registration | None) -> Response:
    secret = codes_of(card).link_secret
    remember(secret)
    if registration is None:
        return redirect(url_for("registration.card_page", secret=secret), 303)
    number = registration.id
    return redirect(url_for("registration.card_page", secret=secret, registered=number, _anchor=f"r{number}"), 303)


def _page(
    session: Session, slot: Slot, remembered: list[Known], form: SlotBookForm, *, taken: bool = False, status: int
) -> Response:
    """The form, or, when somebody was quicker, what is still free."""
    choice = to_choose(session)
    gone = taken or all(each.id != slot.id for times in choice["times"] for each in times.slots)
    page = render_template(
        "registration/slot_book.html",
        session=session,
        title=title_of(session),
        slot=slot,
        spoken=language(slot.language),
        form=form,
        taken=gone,
        **choice,
        whom=for_whom(remembered, url_for("registration.slot_book", key=session.key, slot_id=slot.id)),
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
