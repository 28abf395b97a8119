"""Who comes to a session and who waits: the organiser's list, in the order and with the words asked for."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.activities.rules import over_by, title_of
from integration.i18n.languages import language
from integration.kernel.database import db
from integration.registration.forms.staff_forms import SearchForm
from integration.registration.queries.comers import comers_of_session
from integration.registration.queries.holds import holds_of_session
from integration.registration.routes.blueprint import private
from integration.registration.rules.comers import Comer, ComerState, Order, found, needs_summed, ordered
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires


@blueprint.route(
    "/<language:language>/staff/sessions/<key>/registrations", methods=["GET", "POST"], endpoint="registrations"
)
@requires(Permission.REGISTRATIONS_READ)
def registrations(key: str) -> Response:
    """Name to call, places, needs, state. Reading it leaves a trace; a search is sent, so that no address holds it."""
    session = own_session(key)
    form, order = SearchForm(), asked_order()
    comers = comers_of_session(db.session(), session.id)
    leave_trace(session.id, len(comers))
    words = form.words.data if form.validate_on_submit() else ""
    page = render_template(
        "registration/registrations.html",
        session=session,
        title=title_of(session),
        comers=ordered(found(comers, words or ""), order),
        words=words,
        order=order,
        orders=tuple(Order),
        totals=totals_of(comers),
        over=over_by(session.places),
        needs=needs_summed(comers),
        spoken={each.language: language(each.language).name for each in comers},
        holds=holds_of_session(db.session(), session.id),
        form=form,
        section="activities_staff.activities",
    )
    return private(page)


def asked_order() -> Order:
    """The order in the address; anything else is by name."""
    asked = request.args.get("sort", "")
    return Order(asked) if asked in set(Order) else Order.NAME


def totals_of(comers: list[Comer]) -> dict[str, int]:
    """Who comes in all, by age, and how many wait or have an offer."""
    coming = [each for each in comers if each.state is ComerState.COMES]
    counted = ("adults", "children", "children_0_6", "children_7_12", "children_13_17")
    sums = {name: sum(getattr(each, name) for each in coming) for name in counted}
    states = {state.value: sum(each.state is state for each in comers) for state in ComerState}
    return {**sums, **states, "people": sums["adults"] + sums["children"]}
