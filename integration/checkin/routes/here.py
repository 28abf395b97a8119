"""Self check-in: whoever has scanned the code on the screen or poster says who and how many they are."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import COOKIE_KEY
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.checkin.errors import CodeNotUsable
from integration.checkin.forms import OTHERS, OWN_CARD, HereForm
from integration.checkin.queries.self_check_in import Visit, session_of_code, visits_at
from integration.checkin.routes.blueprint import blueprint, card_key
from integration.checkin.rules import SELF_CHECK_INS_PER_NETWORK, As, MarkedCard, People
from integration.checkin.services.self_check_in import mark_themselves, marked_before
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import db, own_transaction
from integration.kernel.errors import NotFound
from integration.kernel.rate_limits import count_attempt, network_of
from integration.kernel.tokens import random_token
from integration.registration.models import Card
from integration.registration.queries import card_by_short_code, remembered_cards
from integration.registration.rules.phones import REMEMBERED, remembered_in
from integration.web.access import public
from integration.web.headers import keep_private

PHONE = "phone"
"""Where the cookie keeps the random name of this phone, so that it counts once."""
TYPED = "here"
"""Where it keeps which card's code was typed at which session: nobody's name, and no code."""


@dataclass(frozen=True)
class Here:
    """A household that this phone remembers, and what was counted of it at the session."""

    value: str
    name: str | None
    card: MarkedCard
    places: People
    visit: Visit

    @property
    def is_settled(self) -> bool:
        """Doors have counted it: it has nothing more to say."""
        return self.visit.at_door and self.visit.people.total > 0


@blueprint.get("/h/<secret>", endpoint="here_short")
@public
def here_short(secret: str) -> Response:
    """What the code holds: lead on to the page in the phone's language."""
    return keep_private(redirect(url_for("checkin.here", language=current_code(), secret=secret.upper())))  # type: ignore[arg-type]


@blueprint.get("/<language:language>/here/<secret>", endpoint="here")
@public
def here(secret: str) -> Response:
    """Who and how many are you? Opening it counts nobody; a dead code tells nothing of any session."""
    session = session_of_code(db.session(), secret, utc_now())
    if session is None:
        return _dead()
    households = _households(session)
    form = HereForm()
    form.ask([(each.value, each.name) for each in households if not each.is_settled])
    form.who.data = request.args.get("who") or form.first_choice or (OTHERS if households else "")
    who = _who(form.who.data, households, session)
    said = marked_before(db.session(), session.id, who, card_key())
    chosen = next((each.places for each in households if each.value == form.who.data), People())
    shown = next((each for each in (said, chosen) if each.total), People(1, 0))
    form.adults.data, form.children.data = shown
    return _page(session, form, said, households)


@blueprint.post("/<language:language>/here/<secret>", endpoint="mark_here")
@public
def mark_here(secret: str) -> Response:
    """Count these people, or correct their number."""
    now = utc_now()
    with own_transaction() as connection:
        count_attempt(connection, SELF_CHECK_INS_PER_NETWORK, network_of(request.remote_addr), now)
    session = session_of_code(db.session(), secret, now)
    if session is None:
        return _dead()
    households = _households(session)
    form = HereForm()
    form.ask([(each.value, each.name) for each in households])
    people = People(form.adults.data or 0, form.children.data or 0)
    who = _marked(form, households, session)
    valid = form.validate_on_submit()
    if valid and not people.total:
        form.adults.errors = [_("Choose how many you are.")]
    if valid and who is None:
        form.code.errors = [_("We do not know this code. Look at the card once more, or leave it empty.")]
    if not valid or not people.total or who is None:
        return _page(session, form, People(), households, 422)
    try:
        mark_themselves(db.session(), secret, who, people, card_key(), now)
    except CodeNotUsable:
        return _dead()
    told = OWN_CARD if form.code.data else form.who.data
    return keep_private(redirect(url_for("checkin.here_thanks", secret=secret, who=told), 303))  # type: ignore[arg-type]


@blueprint.get("/<language:language>/here/<secret>/thanks", endpoint="here_thanks")
@public
def here_thanks(secret: str) -> Response:
    """They are counted: how many, and the way to correct it."""
    session = session_of_code(db.session(), secret, utc_now())
    if session is None:
        return _dead()
    told = request.args.get("who", "")
    households = _households(session)
    said = marked_before(db.session(), session.id, _who(told, households, session), card_key())
    counted = next((each.visit.people for each in households if each.value == told), said)
    if not counted.total:
        return keep_private(redirect(url_for("checkin.here", secret=secret)))  # type: ignore[arg-type]
    page = render_template(
        "checkin/here_thanks.html", session=session, title=title_of(session), said=counted, secret=secret, who=told
    )
    return keep_private(make_response(page))


def _households(session: Session) -> list[Here]:
    """Those that this phone remembers; none on a staff desk, ever."""
    secrets = [] if COOKIE_KEY in cookie else remembered_in(cookie.get(REMEMBERED))
    known = remembered_cards(db.session(), secrets, session.id)
    visits = visits_at(db.session(), session.id, [each.card.visitor_key for each in known])
    return [
        Here(
            value=f"us{number or ''}",
            name=each.card.household.name,
            card=_marked_card(each.card),
            places=People(each.registration.adults, each.registration.children) if each.registration else People(),
            visit=visits.get(each.card.visitor_key, Visit()),
        )
        for number, each in enumerate(known)
    ]


def _marked(form: HereForm, households: list[Here], session: Session) -> As | None:
    """As whom the form marks; None for a code that no card has."""
    if not form.code.data:
        return _who(form.who.data, households, session)
    try:
        card = card_by_short_code(db.session(), form.code.data)
    except NotFound:
        return None
    cookie[TYPED] = [session.id, card.id]
    return As(_phone(), _marked_card(card), is_other=form.who.data == OTHERS)


def _who(told: str | None, households: list[Here], session: Session) -> As:
    for each in households:
        if each.value == told:
            return As(_phone(), each.card)
    if told == OTHERS:
        return As(_phone(), is_other=True)
    return As(_phone(), _typed_card(session))


def _typed_card(session: Session) -> MarkedCard | None:
    """The card whose code was typed on this phone at this session."""
    session_id, card_id = cookie.get(TYPED) or (None, None)
    card = db.session().get(Card, card_id) if session_id == session.id else None
    return _marked_card(card) if card is not None and card.revoked_at is None else None


def _marked_card(card: Card) -> MarkedCard:
    return MarkedCard(card.visitor_key, card.pass_digest)


def _page(session: Session, form: HereForm, said: People, households: list[Here], status: int = 200) -> Response:
    page = render_template(
        "checkin/here.html", session=session, title=title_of(session), form=form, said=said, households=households
    )
    return keep_private(make_response(page, status))


def _dead() -> Response:
    return keep_private(make_response(render_template("checkin/here_dead.html"), 404))


def _phone() -> str:
    """The name of this phone: random, drawn when it first asks."""
    if PHONE not in cookie:
        cookie[PHONE] = random_token()
    return str(cookie[PHONE])
