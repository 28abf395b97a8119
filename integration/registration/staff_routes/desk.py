"""The desk: cards for people with no phone and no name, stacks of blank ones, lost ones, two that are one's."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.audit.services import Audited, record
from integration.i18n.languages import language
from integration.i18n.routing import current_code
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, own_transaction
from integration.kernel.errors import NotFound
from integration.registration.cards import SAY_AND_SHOW, Codes, card_language, derived_codes, qr_content, shown
from integration.registration.errors import SameHousehold
from integration.registration.forms import ConfirmForm
from integration.registration.forms.desk_forms import FindCardForm, HandOutForm, NameForm, ReplaceForm, StackForm
from integration.registration.models import Card
from integration.registration.queries import (
    card_by_pass,
    card_by_short_code,
    card_of_household,
    cards_of_batch,
    coming_registrations,
)
from integration.registration.routes.blueprint import card_key, private
from integration.registration.services import issue_blank_cards, merge_households, name_household, reissue_card
from integration.registration.staff_routes.blueprint import blueprint
from integration.web.access import requires
from integration.web.card_sheets import PaperCard, card_sheet
from integration.web.qr import qr_svg

PRINTED_FOR = timedelta(hours=24)
"""So long a desk may print the same cards again; later it replaces them."""


@blueprint.route("/<language:language>/staff/cards", methods=["GET", "POST"], endpoint="desk")
@requires(Permission.CARDS_WRITE)
def desk() -> Response:
    """Hand out a card: one press, nothing typed. Nothing of it is remembered in this browser."""
    form = HandOutForm(language=current_code())
    if not form.validate_on_submit():
        return _desk(form, StackForm(stack_language=current_code()), 422 if form.is_submitted() else 200)
    (card,) = issue_blank_cards(db.session(), 1, form.language.data, card_key(), utc_now())
    if form.name.data or form.phone_number or form.email_address:
        _name(card, form)
    _record(Audited.CARDS_ISSUED, card.batch or 0, cards=1)
    return redirect(url_for("registration_staff.sheet", batch=card.batch, big=1), 303)


@blueprint.post("/<language:language>/staff/cards/stack", endpoint="stack")
@requires(Permission.CARDS_WRITE)
def stack() -> Response:
    """A stack of blank cards, alive at every door before anybody's name is known."""
    form = StackForm()
    if not form.validate_on_submit():
        return _desk(HandOutForm(formdata=None, language=current_code()), form, 422)
    cards = issue_blank_cards(db.session(), form.count.data or 1, form.stack_language.data, card_key(), utc_now())
    _record(Audited.CARDS_ISSUED, cards[0].batch or 0, cards=len(cards))
    return redirect(url_for("registration_staff.sheet", batch=cards[0].batch), 303)


@blueprint.get("/<language:language>/staff/cards/sheets/<int:batch>", endpoint="sheet")
@requires(Permission.CARDS_WRITE)
def sheet(batch: int) -> Response:
    """The cards on A4, ten to a sheet with marks to cut along; ``big`` adds a page with one large code."""
    cards = cards_of_batch(db.session(), batch, utc_now() - PRINTED_FOR) if batch < 2**63 else []
    if not cards:
        raise NotFound
    _trace(Audited.CARDS_PRINTED, batch, cards=len(cards))
    page = render_template(
        "registration/card_sheet.html",
        cards=[_printable(card) for card in cards],
        batch=batch,
        big=bool(request.args.get("big")) and len(cards) == 1,
        household_id=cards[0].household_id if len(cards) == 1 else None,
    )
    return private(page)


@blueprint.get("/<language:language>/staff/cards/sheets/<int:batch>.pdf", endpoint="sheet_file")
@requires(Permission.CARDS_WRITE)
def sheet_file(batch: int) -> Response:
    """The same cards as PDF, with their backs on the sheet after, for printing on both sides."""
    cards = cards_of_batch(db.session(), batch, utc_now() - PRINTED_FOR) if batch < 2**63 else []
    if not cards:
        raise NotFound
    _trace(Audited.CARDS_PRINTED, batch, cards=len(cards))
    spoken = card_language(cards[0].household.language)
    paper = [_on_paper(each) for each in cards]
    response = private(card_sheet(paper, spoken, SAY_AND_SHOW[spoken], made_at=utc_now()))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="delaktig.pdf"'
    return response


@blueprint.post("/<language:language>/staff/cards/find", endpoint="find_card")
@requires(Permission.CARDS_WRITE)
def find_card() -> Response:
    """From the code on a card to its household's page; a code is never in an address of ours."""
    card = _typed_card(FindCardForm())
    if card is None:
        flash(_("No card has this code. Check each letter."), "wait")
        return redirect(url_for("registration_staff.desk"), 303)
    return redirect(url_for("registration_staff.desk_card", household_id=card.household_id), 303)


@blueprint.get("/<language:language>/staff/cards/<int:household_id>", endpoint="desk_card")
@requires(Permission.CARDS_WRITE)
def desk_card(household_id: int) -> Response:
    """One household at the desk: enough to know it is the right one, and the ways to help."""
    card = _card(household_id)
    _trace(Audited.CARD_READ, household_id)
    page = render_template(
        "registration/desk_card.html",
        card=card,
        coming=coming_registrations(db.session(), household_id, utc_now()),
        spoken=language(card.household.language),
        replace=ReplaceForm(issue=card.issue),
        other=FindCardForm(),
    )
    return private(page)


@blueprint.route(
    "/<language:language>/staff/cards/<int:household_id>/name", methods=["GET", "POST"], endpoint="desk_name"
)
@requires(Permission.CARDS_WRITE)
def desk_name(household_id: int) -> Response:
    """Write down or change the name and contact of a card, also of one that was handed out blank."""
    card = _card(household_id)
    household = card.household
    form = NameForm(
        name=household.name, phone=household.phone, email=household.email, language=card_language(household.language)
    )
    if not form.validate_on_submit():
        if not form.is_submitted():  # what was sent has the database's one writer; its page was read before
            _trace(Audited.CARD_READ, household_id)
        page = render_template("registration/desk_name.html", form=form, card=card)
        return private(page, 422 if form.is_submitted() else 200)
    _name(card, form)
    _record(Audited.CARD_NAMED, household_id)
    flash(_("Saved."))
    return redirect(url_for("registration_staff.desk_card", household_id=household_id), 303)


@blueprint.post("/<language:language>/staff/cards/<int:household_id>/replace", endpoint="desk_replace")
@requires(Permission.CARDS_WRITE)
def desk_replace(household_id: int) -> Response:
    """A new card for a lost one, printed at once."""
    card, form = _card(household_id), ReplaceForm()
    if not form.validate_on_submit() or not (form.issue.data or "").isdigit():
        raise NotFound
    seen = int(form.issue.data or 0)
    card = reissue_card(db.session(), card, card_key(), utc_now(), seen=seen, batch=card.id)
    _record(Audited.CARD_REISSUED, household_id, issue=card.issue)
    return redirect(url_for("registration_staff.sheet", batch=card.batch, big=1), 303)


@blueprint.post("/<language:language>/staff/cards/<int:household_id>/merge", endpoint="merge_find")
@requires(Permission.CARDS_WRITE)
def merge_find(household_id: int) -> Response:
    """The other card, by its code: both are shown before anything is done."""
    other = _typed_card(FindCardForm())
    if other is None or other.household_id == household_id:
        flash(_("Type the code of the household's other card."), "wait")
        return redirect(url_for("registration_staff.desk_card", household_id=household_id), 303)
    return redirect(url_for("registration_staff.merge", household_id=household_id, gone_id=other.household_id), 303)


@blueprint.route(
    "/<language:language>/staff/cards/<int:household_id>/merge/<int:gone_id>", methods=["GET", "POST"], endpoint="merge"
)
@requires(Permission.CARDS_WRITE)
def merge(household_id: int, gone_id: int) -> Response:
    """What each of two cards has, and the button that makes them one."""
    kept, gone, form = _card(household_id), _card(gone_id), ConfirmForm()
    if not form.validate_on_submit():
        _trace(Audited.CARD_READ, household_id, other=gone_id)
        now = utc_now()
        both = [(card, coming_registrations(db.session(), card.household_id, now)) for card in (kept, gone)]
        return private(render_template("registration/merge.html", both=both, form=form))
    try:
        merge_households(db.session(), kept, gone, account_id=require_actor().account_id, now=utc_now())
    except SameHousehold:
        raise NotFound from None
    flash(_("The two cards are one now. The other one opens no doors any more: take it back."))
    return redirect(url_for("registration_staff.desk_card", household_id=household_id), 303)


def _desk(form: HandOutForm, stack_form: StackForm, status: int) -> Response:
    page = render_template("registration/desk.html", form=form, stack=stack_form, find=FindCardForm(formdata=None))
    return private(page, status)


def _name(card: Card, form: HandOutForm) -> None:
    name_household(
        db.session(),
        card.household,
        name=form.name.data or None,
        phone=form.phone_number,
        email=form.email_address,
        language=form.language.data,
        now=utc_now(),
    )


def _card(household_id: int) -> Card:
    if household_id >= 2**63:
        raise NotFound
    return card_of_household(db.session(), household_id)


def _typed_card(form: FindCardForm) -> Card | None:
    """The card with the typed code, or None."""
    if not form.validate_on_submit():
        return None
    find = card_by_pass if len(form.typed) == 26 else card_by_short_code
    try:
        return find(db.session(), form.typed)
    except NotFound:
        return None


def _printable(card: Card) -> dict[str, object]:
    codes: Codes = derived_codes(card_key(), card.id, card.issue)
    base_url = current_app.extensions["settings"].base_url
    spoken = card_language(card.household.language)
    return {
        "say": SAY_AND_SHOW[spoken][0],
        "qr": qr_svg(qr_content(base_url, codes.pass_code)),
        "code": shown(codes.short_code),
        "name": card.household.name,
        "language": language(spoken),
    }


def _on_paper(card: Card) -> PaperCard:
    codes = derived_codes(card_key(), card.id, card.issue)
    content = qr_content(current_app.extensions["settings"].base_url, codes.pass_code)
    return PaperCard(content, shown(codes.short_code), card.household.name or "")


def _record(action: Audited, subject_id: int, **facts: object) -> None:
    account_id = require_actor().account_id
    record(db.session(), action, "cards", subject_id, account_id=account_id, now=utc_now(), **facts)


def _trace(action: Audited, subject_id: int, **facts: object) -> None:
    """A page that is only read rolls back: the trace of reading has a transaction of its own."""
    account_id = require_actor().account_id
    with own_transaction() as connection, DbSession(connection) as trail:
        record(trail, action, "cards", subject_id, account_id=account_id, now=utc_now(), **facts)
        trail.flush()
