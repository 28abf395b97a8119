"""Setting up the successor: the council's decisions stand ready as answers, and one button makes the new programme."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.programme.errors import MergedIntoNothing, NotAfter, SlugTaken
from integration.programme.models import Programme
from integration.programme.queries import ProgrammeOutline
from integration.programme.services import publish_programme, succeed
from integration.report.forms import StepForm, SuccessionForm
from integration.report.forms.succession_form import INTO, choices_from
from integration.report.models import NextStep
from integration.report.queries import assessments_of
from integration.report.routes.reading import outline_of
from integration.report.staff_routes.blueprint import blueprint
from integration.web.access import requires


@blueprint.route("/<language:language>/staff/programmes/<programme>/successor", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def successor(programme: str) -> Response | tuple[str, int]:
    """Say of every action whether it continues, changes, ends or is merged; the POST makes the successor."""
    outline = outline_of(db.session(), programme)
    form = SuccessionForm(data=_proposed(outline))
    if not form.validate_on_submit():
        return _page(outline, form)
    try:
        made = _make(outline, form)
    except NotAfter as refusal:
        form.first_year.errors = [_("The successor begins after %(year)s.", year=refusal.last_year)]
        return _page(outline, form)
    except SlugTaken:
        form.slug.errors = [_("Another programme has this address. Choose another one.")]
        return _page(outline, form)
    except MergedIntoNothing as refusal:
        return _page(outline, form, lost=refusal.action_id)
    flash(_("The successor is set up as a draft. Only staff see it until you publish it."))
    return redirect(url_for("report.programme", programme=made.slug), 303)


@blueprint.post("/<language:language>/staff/programmes/<programme>/publish")
@requires(Permission.PROGRAMME_WRITE)
def publish(programme: str) -> Response:
    """Show a draft to everybody."""
    outline = outline_of(db.session(), programme)
    row = db.session().get_one(Programme, outline.id)
    if StepForm().validate_on_submit():
        publish_programme(db.session(), row, account_id=require_actor().account_id, now=utc_now())
        flash(_("The programme is published."))
    return redirect(url_for("report.programme", programme=programme), 303)


def _make(outline: ProgrammeOutline, form: SuccessionForm) -> Programme:
    return succeed(
        db.session(),
        db.session().get_one(Programme, outline.id),
        slug=form.slug.data or "",
        title=form.title(),
        first_year=form.first_year.data or 0,
        last_year=form.last_year.data or 0,
        choices=choices_from(request.form, {each.slug: each.id for each in outline.actions}),
        account_id=require_actor().account_id,
        now=utc_now(),
    )


def _proposed(outline: ProgrammeOutline) -> dict[str, object]:
    """As long as the former programme, with its name moved on by as many years."""
    length = outline.last_year - outline.first_year + 1
    years = (str(outline.first_year), str(outline.last_year))
    moved = (str(outline.first_year + length), str(outline.last_year + length))

    def onward(text: str) -> str:
        return text.replace(years[0], moved[0]).replace(years[1], moved[1])

    titles = {f"title_{code}": onward(outline.title.get(code, "")) for code in ("sv", "fi", "en")}
    return {**titles, "slug": onward(outline.slug), "first_year": int(moved[0]), "last_year": int(moved[1])}


def _fates(outline: ProgrammeOutline) -> dict[str, str]:
    """What is chosen for each action: as typed, else as the council decided in the last year, else to continue."""
    decided = assessments_of(db.session(), outline.id, outline.last_year)
    slugs = {each.id: each.slug for each in outline.actions}
    fates = {}
    for action in outline.actions:
        found = decided.get(action.id)
        step = found.next_step if found and found.next_step else NextStep.CONTINUE
        merged = slugs.get(found.merge_into_id or 0, "") if found else ""
        proposed = f"{INTO}{merged}" if step is NextStep.MERGE and merged else step.value
        fates[action.slug] = request.form.get(f"fate-{action.slug}", proposed)
    return fates


def _page(outline: ProgrammeOutline, form: SuccessionForm, *, lost: int = 0) -> tuple[str, int]:
    page = render_template(
        "report/successor.html",
        programme=outline,
        form=form,
        fates=_fates(outline),
        into=INTO,
        lost=next((each for each in outline.actions if each.id == lost), None),
    )
    return page, 422 if form.errors or lost else 200
