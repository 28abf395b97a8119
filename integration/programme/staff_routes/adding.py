"""Adding to a programme under what is there: a goal, an action, a meter, an indicator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.organisations.queries import living_organisations
from integration.programme.forms import AddActionForm, AddGoalForm, AddIndicatorForm, AddLineForm
from integration.programme.models import Programme
from integration.programme.queries import programme_row
from integration.programme.services import add_action, add_goal, add_indicator, add_line
from integration.programme.staff_routes.blueprint import BASE, Page, blueprint, done, editor, form_page, own_programme
from integration.programme.staff_routes.rows import name_of, to_row
from integration.web.access import requires

CHILDREN = {"domain": "goal", "goal": "action", "action": "line", "line": "indicator"}


@blueprint.route(f"{BASE}/<level>/<int:number>/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def add(programme: str, level: str, number: int) -> Page:
    """Add what stands under a row: a goal to a domain, an action to a goal, a meter to an action."""
    found = own_programme(programme)
    if level not in CHILDREN:
        raise NotFound(level)
    above = programme_row(db.session(), found, level, number)
    form = _form(found, level)
    made: list[Any] = []
    refused = False
    if form.validate_on_submit():
        if done(lambda: made.append(VERBS[level](found, above, form))):
            return to_row(found, CHILDREN[level], made[0].id)
        refused = True
    values = {"level": CHILDREN[level], "above": above, "above_level": level, "name": name_of(above)}
    return form_page("programme/add.html", found, form, refused=refused, **values)


def organisation_names() -> list[tuple[int, str]]:
    """The organisations in use by id and name, in the order of names."""
    code = current_code()
    names = ((each.id, localize(each.name, code).text) for each in living_organisations(db.session()))
    return sorted(names, key=lambda pair: pair[1].casefold())


def _form(programme: Programme, level: str) -> Any:
    """An empty form whose years are those that are left of the programme."""
    begins = min(max(local_date(utc_now()).year, programme.first_year), programme.last_year)
    years = {"first_year": begins, "last_year": programme.last_year}
    if level == "domain":
        return AddGoalForm()
    if level == "goal":
        action = AddActionForm(data={**years, "starts_on": date(begins, 1, 1)})
        action.offer(organisation_names())
        return action
    indicator = (AddLineForm if level == "action" else AddIndicatorForm)(data=years)
    indicator.offer()
    return indicator


def _goal(programme: Programme, above: Any, form: Any) -> Any:
    return add_goal(db.session(), programme, above, form.texts("title"), editor())


def _action(programme: Programme, above: Any, form: Any) -> Any:
    return add_action(
        db.session(),
        programme,
        above,
        title=form.texts("title"),
        first_year=form.first_year.data,
        last_year=form.last_year.data,
        ongoing=form.ongoing.data,
        party=form.party(),
        by=editor(),
    )


def _line(programme: Programme, above: Any, form: Any) -> Any:
    return add_line(db.session(), programme, above, form.texts("text"), form.indicator(), editor())


def _indicator(programme: Programme, above: Any, form: Any) -> Any:
    return add_indicator(db.session(), programme, above, form.indicator(), editor())


VERBS: dict[str, Callable[[Programme, Any, Any], Any]] = {
    "domain": _goal,
    "goal": _action,
    "action": _line,
    "line": _indicator,
}
"""Level > what adds something under a row of it."""
