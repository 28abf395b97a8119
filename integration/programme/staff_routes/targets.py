"""An indicator's targets: set one for every year or for one year, or end them."""

from __future__ import annotations

from dataclasses import asdict

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.kernel.database import db
from integration.programme.forms import TargetForm
from integration.programme.forms.words import target_words
from integration.programme.models import Indicator, IndicatorKind, Programme
from integration.programme.queries import programme_row
from integration.programme.rules import TargetTerm, ended_after, with_target
from integration.programme.services import set_targets, targets_of
from integration.programme.staff_routes.blueprint import BASE, Page, blueprint, done, editor, form_page, own_programme
from integration.programme.staff_routes.rows import name_of
from integration.web.access import requires


@blueprint.route(f"{BASE}/indicator/<int:number>/targets", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def targets(programme: str, number: int) -> Page:
    """What the indicator should reach; the POST sets a target in place of the one of the same year."""
    found = own_programme(programme)
    indicator = programme_row(db.session(), found, "indicator", number)
    form = TargetForm()
    form.ask(indicator, range(indicator.first_year, indicator.last_year + 1))
    refused = False
    if form.validate_on_submit():
        if done(lambda: set_targets(db.session(), found, indicator, _with(indicator, form.target()), editor())):
            return _back(found, number)
        refused = True
    values = {
        "row": indicator,
        "name": name_of(indicator),
        "listed": [(target_words(asdict(each)), each.year) for each in targets_of(indicator)],
        "years": range(indicator.first_year, indicator.last_year + 1),
    }
    return form_page("programme/targets.html", found, form, refused=refused, **values)


@blueprint.post(f"{BASE}/indicator/<int:number>/targets/end")
@requires(Permission.PROGRAMME_WRITE)
def end_targets(programme: str, number: int) -> Response:
    """Leave the indicator without a target after a year; what was asked until then stays."""
    found = own_programme(programme)
    indicator = programme_row(db.session(), found, "indicator", number)
    years = range(indicator.first_year, indicator.last_year + 1)
    chosen = request.form.get("after", "")
    if chosen in {str(year) for year in range(indicator.first_year - 1, indicator.last_year + 1)}:
        left = ended_after(targets_of(indicator), int(chosen), years)
        done(lambda: set_targets(db.session(), found, indicator, left, editor()))
    return _back(found, number)


def _with(indicator: Indicator, new: TargetTerm) -> list[TargetTerm]:
    """A milestone has one target, the year by which it is due or that it is asked yearly."""
    return [new] if indicator.kind is IndicatorKind.MILESTONE else with_target(targets_of(indicator), new)


def _back(programme: Programme, number: int) -> Response:
    return redirect(url_for("programme_staff.targets", programme=programme.slug, number=number), 303)
