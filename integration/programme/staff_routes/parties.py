"""Who answers for an action and takes part in it: add one from a date, or end one on a date."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.organisations.queries import organisations_by_slug
from integration.programme.forms import EndPartyForm, PartyForm
from integration.programme.forms.words import part_words
from integration.programme.models import Programme
from integration.programme.queries import programme_row
from integration.programme.rules import with_party
from integration.programme.services import parties_of, set_parties
from integration.programme.staff_routes.adding import organisation_names
from integration.programme.staff_routes.blueprint import BASE, Page, blueprint, done, editor, form_page, own_programme
from integration.programme.staff_routes.rows import name_of
from integration.web.access import requires


@blueprint.route(f"{BASE}/action/<int:number>/parties", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def parties(programme: str, number: int) -> Page:
    """Everybody who has answered for the action, with dates; the POST adds one."""
    found = own_programme(programme)
    action = programme_row(db.session(), found, "action", number)
    form = PartyForm()
    form.offer(organisation_names())
    refused = False
    if form.validate_on_submit():
        listed = with_party(parties_of(action), form.party(), takes_over=form.takes_over.data)
        if done(lambda: set_parties(db.session(), found, action, listed, editor())):
            return _back(found, number)
        refused = True
    names = {each.id: localize(each.name, current_code()) for each in organisations_by_slug(db.session()).values()}
    values = {
        "row": action,
        "name": name_of(action),
        "listed": [(names.get(each.organisation_id), each) for each in parties_of(action)],
        "end_form": EndPartyForm(formdata=None),
        "part_words": part_words(),
        "today": local_date(utc_now()),
    }
    return form_page("programme/parties.html", found, form, refused=refused, **values)


@blueprint.post(f"{BASE}/action/<int:number>/parties/end")
@requires(Permission.PROGRAMME_WRITE)
def end_party(programme: str, number: int) -> Response:
    """Let one party's part end on a date."""
    found = own_programme(programme)
    action = programme_row(db.session(), found, "action", number)
    listed, form = parties_of(action), EndPartyForm()
    place, ends_on = request.form.get("party", ""), form.ends_on.data if form.validate() else None
    chosen = listed[int(place)] if place in {str(each) for each in range(len(listed))} else None
    if chosen is None or ends_on is None or ends_on < chosen.starts_on:
        flash(_("Write a date that is not before the first one."), "wait")
        return _back(found, number)
    listed[int(place)] = replace(chosen, ends_on=ends_on)
    done(lambda: set_parties(db.session(), found, action, listed, editor()))
    return _back(found, number)


def _back(programme: Programme, number: int) -> Response:
    return redirect(url_for("programme_staff.parties", programme=programme.slug, number=number), 303)
