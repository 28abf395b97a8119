"""The organisations that programmes and activities name: their list, adding one, renaming it, putting it out of use."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation
from integration.organisations.queries import organisations_by_slug
from integration.programme.errors import NameTaken, StillAnswers
from integration.programme.forms import OrganisationForm, RetireForm
from integration.programme.forms.organisations import answers_about
from integration.programme.forms.words import organisation_kind_words, part_words
from integration.programme.queries import organisation_edits, parts_of
from integration.programme.services import add_organisation, bring_back, edit_organisation, retire_organisation
from integration.programme.staff_routes.blueprint import Page, blueprint, editor
from integration.programme.staff_routes.edits import told
from integration.web.access import requires

LIST = "/<language:language>/staff/organisations"


@blueprint.get(LIST)
@requires(Permission.PROGRAMME_WRITE)
def organisations() -> str:
    """Every organisation in the order of names, those out of use last."""
    code = current_code()
    known = organisations_by_slug(db.session()).values()
    named = sorted(known, key=lambda each: localize(each.name, code).text.casefold())
    return render_template(
        "programme/organisations.html",
        living=[each for each in named if each.retired_at is None],
        retired=[each for each in named if each.retired_at is not None],
        kinds=organisation_kind_words(),
    )


@blueprint.route(f"{LIST}/new", methods=["GET", "POST"], endpoint="organisation_new")
@requires(Permission.PROGRAMME_WRITE)
def new() -> Page:
    """Add an organisation."""
    form = OrganisationForm()
    form.offer()
    if form.validate_on_submit():
        try:
            made = add_organisation(db.session(), form.name_texts(), form.chosen_kind(), editor())
        except NameTaken:
            form.say_taken()
        else:
            flash(_("Saved. From now on it can be chosen wherever an organisation is asked for."))
            return _to(made)
    return _page(form, None)


@blueprint.route(f"{LIST}/<slug>", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def organisation(slug: str) -> Page:
    """One organisation: its name and kind, what it does, and what was changed of it."""
    found = _found(slug)
    form = OrganisationForm(data=answers_about(found))
    form.offer()
    if form.validate_on_submit():
        try:
            edit_organisation(db.session(), found, form.name_texts(found.name), form.chosen_kind(), editor())
        except NameTaken:
            form.say_taken()
        else:
            flash(_("Saved."))
            return _to(found)
    return _page(form, found)


@blueprint.post(f"{LIST}/<slug>/<step>")
@requires(Permission.PROGRAMME_WRITE)
def organisation_step(slug: str, step: str) -> Response:
    """Put it out of use, or into use again."""
    found = _found(slug)
    if step not in ("retire", "bring-back"):
        raise NotFound(step)
    try:
        (retire_organisation if step == "retire" else bring_back)(db.session(), found, editor())
    except StillAnswers:
        flash(_("It still answers for actions. Let somebody take over first."), "wait")
    except NameTaken:
        flash(_("There is an organisation of this name already."), "wait")
    else:
        flash(_("Saved."))
    return _to(found)


def _found(slug: str) -> Organisation:
    """The organisation; raises NotFound."""
    found = organisations_by_slug(db.session(), [slug.replace("\0", "")]).get(slug)
    if found is None:
        raise NotFound(slug)
    return found


def _to(organisation: Organisation) -> Response:
    return redirect(url_for("programme_staff.organisation", slug=organisation.slug), 303)


def _page(form: OrganisationForm, found: Organisation | None) -> tuple[str, int]:
    edits = organisation_edits(db.session(), found.id) if found else []
    page = render_template(
        "programme/organisation.html",
        form=form,
        organisation=found,
        parts=parts_of(db.session(), found.id, local_date(utc_now())) if found else [],
        part_words=part_words(),
        history=told(edits, {}),
        step_form=RetireForm(formdata=None),
    )
    return page, 422 if form.errors else 200
