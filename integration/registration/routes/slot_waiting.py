"""Waiting for an individual time, where none is free that the household can use."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from integration.activities.models import Session
from integration.activities.queries import is_reachable, session_by_key
from integration.activities.rules import title_of
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.errors import TimesFree
from integration.registration.forms import SlotWaitForm
from integration.registration.models import Card, WaitingEntry
from integration.registration.queries import Known
from integration.registration.routes.blueprint import blueprint, card_key, codes_of, network_here, private, remember
from integration.registration.routes.for_whom import (
    chosen_by,
    chosen_household,
    first_known,
    for_whom,
    has_stake,
    households_here,
    keep_living,
)
from integration.registration.routes.slots import free_times, spoken_here
from integration.registration.rules import KEPT_DAYS, takes_queue
from integration.registration.services import held_back, note_arrival
from integration.registration.services.slots import ONE, wait_for_time
from integration.web.access import public


@blueprint.route("/<language:language>/sessions/<key>/times/wait", methods=["GET", "POST"])
@public
def slot_wait(key: str) -> Response:
    """Wait for any time, or for an adviser who speaks one's language: a name is enough."""
    session = session_by_key(db.session(), key)
    if not is_reachable(session) or session.slot_minutes is None:
        raise NotFound(key)
    remembered = households_here(session.id)
    chosen = chosen_household(remembered)
    if not takes_queue(session, utc_now()) or (chosen and has_stake(chosen)):
        return redirect(url_for("registration.session_page", key=key), 303)
    form = _form(session, remembered)
    if not form.validate_on_submit():
        return _page(session, remembered, form, 422 if form.errors else 200)
    try:
        card, entry = _wait(session, remembered, form)
    except TimesFree:
        return _page(session, remembered, form, 409, free=True)
    except Refusal:
        return redirect(url_for("registration.session_page", key=key), 303)
    keep_living(remembered)
    return _to_card(card, entry)


def _form(session: Session, remembered: list[Known]) -> SlotWaitForm:
    form = SlotWaitForm()
    form.offer(spoken_here(session))
    form.know(chosen_by(remembered))
    if request.method != "POST":
        form.renew_token()
    return form


def _wait(session: Session, remembered: list[Known], form: SlotWaitForm) -> tuple[Card, WaitingEntry | None]:
    """Wait, or, when it is part of a flood from one network, keep the wish for staff to look at first: only a card."""
    now, household = utc_now(), chosen_by(remembered)
    network, spoken = network_here(now), form.spoken.data or None
    answers: dict[str, Any] = {**form.answers(), "language": current_code(), "card_key": card_key(), "now": now}
    held = held_back(db.session(), network, session, household, people=ONE, slot_language=spoken, **answers)
    if held is not None:
        return held, None
    waits = wait_for_time(db.session(), session, household, spoken, **answers)
    note_arrival(db.session(), network, waits.card.household_id, first_known(remembered), session.id, ONE, now)
    return waits.card, waits.entry


def _to_card(card: Card, entry: WaitingEntry | None) -> Response:
    secret = codes_of(card).link_secret
    remember(secret)
    shown: dict[str, Any] = {"waiting": entry.id, "_anchor": f"w{entry.id}"} if entry else {}
    return redirect(url_for("registration.card_page", secret=secret, **shown), 303)


def _page(
    session: Session, remembered: list[Known], form: SlotWaitForm, status: int, *, free: bool = False
) -> Response:
    """The form, or, when such a time has come free meanwhile, those that can be booked."""
    page = render_template(
        "registration/slot_wait.html",
        session=session,
        title=title_of(session),
        form=form,
        free=free,
        times=free_times(session) if free else (),
        not_free=(),
        may_queue=False,
        whom=for_whom(remembered, url_for("registration.slot_wait", key=session.key)),
        kept_days=KEPT_DAYS,
    )
    return private(page, status)
