"""A session's page, with the form that signs a household up for it."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from integration.activities.errors import SessionFull
from integration.activities.models import Audience, Session
from integration.activities.queries import is_reachable, next_session, session_by_key
from integration.activities.rules import event_document, seats_left, title_of
from integration.i18n.languages import language
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound, Refusal
from integration.registration.forms import SignUpForm
from integration.registration.models import WaitingState
from integration.registration.queries import Known, position_of, session_facts
from integration.registration.routes.blueprint import (
    blueprint,
    card_key,
    codes_of,
    network_here,
    remember,
)
from integration.registration.routes.for_whom import (
    chosen_by,
    first_known,
    for_whom,
    has_stake,
    households_here,
    keep_living,
)
from integration.registration.routes.groups import takes_groups, takes_stands
from integration.registration.routes.kept_page import KeptPage, is_for_a_stranger, keep_page, kept_page
from integration.registration.routes.series_rows import series_url
from integration.registration.routes.slots import to_choose
from integration.registration.routes.waiting_rows import standing_offer
from integration.registration.rules import KEPT_DAYS, MOST_PEOPLE, Situation, situation, takes_queue
from integration.registration.services import SignedUp, held_back, note_arrival, register
from integration.web.access import public
from integration.web.links import absolute_url

LOOK_FURTHER = frozenset({Situation.FULL, Situation.CLOSED, Situation.CANCELLED, Situation.PAST})
"""Where somebody who wants to come is shown the next date."""


@blueprint.route("/<language:language>/sessions/<key>", methods=["GET", "POST"], endpoint="session_page")
@public
def session_page(key: str) -> Response:
    """One session: what, when, where, whom to ask, and the way in. POST signs a household up."""
    if is_for_a_stranger():
        return _page_for_a_stranger(key)
    session = _reachable_session(key)
    remembered = households_here(session.id)
    form = _form(session, remembered)
    if request.method != "POST" or session.slot_minutes is not None:
        return _page(session, remembered, form)
    if not form.validate_on_submit():
        return _page(session, remembered, form, status=422)
    try:
        signed_up = _register(session, remembered, form)
    except Refusal as refusal:
        return _page(session, remembered, form, refusal=refusal, status=409)
    keep_living(remembered)
    return _to_card(signed_up)


def _page_for_a_stranger(key: str) -> Response:
    """The page as everybody sees it, drawn only when something on it has changed."""
    now = utc_now()
    facts = session_facts(db.engine, key)
    kept = kept_page(key, facts, now)
    if kept is not None:
        return _answer_with(kept)
    session = _reachable_session(key)
    form = _form(session, [])
    response = _page(session, [], form)
    if situation(session, now) not in LOOK_FURTHER and session.slot_minutes is None:
        until = (
            session.starts_at if now < session.starts_at else session.ends_at
        )  # a fair that has begun takes no stand
        keep_page(key, facts, until, response.get_data(as_text=True), form.form_token.data or "")
    return response


def _answer_with(kept: KeptPage) -> Response:
    accepted = request.headers.get("Accept-Encoding", "")
    zipped = "gzip" in accepted and "q=0" not in accepted
    response = Response(kept.drawn(zipped=zipped), mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _reachable_session(key: str) -> Session:
    """The session, unless it is closed or not published: then nobody learns that it exists."""
    session = session_by_key(db.session(), key)
    if not is_reachable(session):
        raise NotFound(key)
    return session


def _form(session: Session, remembered: list[Known]) -> SignUpForm:
    """The form as this activity asks it, for one of the phone's households or for another family."""
    form = SignUpForm()
    form.ask(age_groups=session.activity.asks_age_groups)
    form.know(chosen_by(remembered))
    if request.method != "POST":
        form.renew_token()
    return form


def _register(session: Session, remembered: list[Known], form: SignUpForm) -> SignedUp:
    """Sign up, or, when it is part of a flood from one network, keep it for staff to look at first."""
    now = utc_now()
    network = network_here(now)
    household = chosen_by(remembered)
    answers: dict[str, Any] = {
        **form.answers(),
        "people": form.people(),
        "language": current_code(),
        "card_key": card_key(),
        "now": now,
    }
    held = held_back(db.session(), network, session, household, **answers)
    if held is not None:
        return SignedUp(None, held)
    may_wait = request.form.get("wait") == "yes"
    signed_up = register(db.session(), session, household, **answers, may_wait=may_wait)
    note_arrival(
        db.session(), network, signed_up.card.household_id, first_known(remembered), session.id, form.people(), now
    )
    return signed_up


def _to_card(signed_up: SignedUp) -> Response:
    """See the household's page, at the places just taken (RFC 9110, 15.4.4: 303)."""
    secret = codes_of(signed_up.card).link_secret
    remember(secret)
    if signed_up.registration is None and signed_up.entry is None:
        return redirect(url_for("registration.card_page", secret=secret), 303)
    if signed_up.registration is None:
        waiting = signed_up.entry.id if signed_up.entry else 0
        return redirect(url_for("registration.card_page", secret=secret, waiting=waiting, _anchor=f"w{waiting}"), 303)
    number = signed_up.registration.id
    return redirect(url_for("registration.card_page", secret=secret, registered=number, _anchor=f"r{number}"), 303)


def _page(
    session: Session, remembered: list[Known], form: SignUpForm, *, refusal: Refusal | None = None, status: int = 200
) -> Response:
    """The page; after a refusal it says how the session stands now, and keeps what was typed."""
    now = utc_now()
    stands, left = situation(session, now), seats_left(session.places)
    if isinstance(refusal, SessionFull):
        stands, left = (Situation.OPEN if refusal.places_left else Situation.FULL), refusal.places_left
    may_queue = takes_queue(session, now)
    following = None
    if stands in LOOK_FURTHER or refusal:
        following = next_session(db.session(), session.activity_id, max(now, session.starts_at))
    page = render_template(
        "registration/session_page.html",
        session=session,
        title=title_of(session),
        linked_data=event_document(
            session,
            current_code(),
            absolute_url("registration.session_page", language=current_code(), key=session.key),
        ),
        languages_spoken=[language(code) for code in session.languages],
        situation=stands,
        places_left=left,
        too_many=form.people().total if isinstance(refusal, SessionFull) and refusal.places_left else 0,
        joins=may_queue and stands == Situation.FULL,
        waiting=session.places.waiting,
        following=following,
        form=form,
        takes_groups=takes_groups(session),
        series_url=series_url(session),
        takes_stands=takes_stands(session),
        **(to_choose(session) if session.slot_minutes is not None else {"may_queue": may_queue}),
        first_adults=_first_adults(session, form),
        known=_known(remembered),
        whom=for_whom(remembered, url_for("registration.session_page", key=session.key)),
        kept_days=KEPT_DAYS,
        most_people=MOST_PEOPLE,
    )
    return _answer(page, status)


def _answer(page: str, status: int) -> Response:
    """Not stored: going back to a form that was sent should not show the next person what was typed."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _first_adults(session: Session, form: SignUpForm) -> int:
    """Where the stepper of adults begins: the young may come alone to what is theirs."""
    alone = session.audience in (Audience.YOUTH, Audience.CHILDREN) or form.adults.data == 0
    return 0 if alone else 1


def _known(remembered: list[Known]) -> dict[str, Any] | None:
    """What the page says to the household that this phone remembers: its page, its places or its turn here."""
    if not remembered:
        return None
    card, registration, entry = next((each for each in remembered if has_stake(each)), remembered[0])
    anchor = f"w{entry.id}" if entry else f"r{registration.id}" if registration else None
    return {
        "registration": registration,
        "entry": entry,
        "offer_until": standing_offer(entry, utc_now()),
        "position": position_of(db.session(), entry) if entry and entry.state == WaitingState.WAITING else None,
        "url": url_for("registration.card_page", secret=codes_of(card).link_secret, _anchor=anchor),
        "name": card.household.name,
    }
