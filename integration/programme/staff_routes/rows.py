"""The programme to edit: its contents, and one row with its form and its history."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.organisations.queries import organisations_by_slug
from integration.programme.forms import RowForm
from integration.programme.forms.rows import COLUMNS, answers_of
from integration.programme.forms.words import level_words
from integration.programme.models import Programme
from integration.programme.queries import edits_of, programme_outline, programme_row
from integration.programme.services import edit_row
from integration.programme.staff_routes.blueprint import (
    BASE,
    Page,
    blueprint,
    done,
    editor,
    form_page,
    own_programme,
)
from integration.programme.staff_routes.edits import told
from integration.web.access import requires


@blueprint.get(BASE)
@requires(Permission.PROGRAMME_WRITE)
def contents(programme: str) -> str:
    """Every goal and action with the way to its form, and what was changed last."""
    found = own_programme(programme)
    organisations = {each.id: each for each in organisations_by_slug(db.session()).values()}
    return render_template(
        "programme/contents.html",
        programme=found,
        outline=programme_outline(db.session(), found.id),
        history=told(edits_of(db.session(), found.id), organisations),
        this_year=local_date(utc_now()).year,
    )


@blueprint.route(f"{BASE}/<level>/<int:number>", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_WRITE)
def row(programme: str, level: str, number: int) -> Page:
    """One row: what it says, in three languages, and everything it said before."""
    found = own_programme(programme)
    if level not in COLUMNS:
        raise NotFound(level)
    subject = programme_row(db.session(), found, level, number)
    form = RowForm(data=answers_of(level, subject))
    form.ask(level)
    refused = False
    if form.validate_on_submit():
        if done(lambda: edit_row(db.session(), found, subject, form.columns(level), editor())):
            return to_row(found, level, number)
        refused = True
    return form_page("programme/row.html", found, form, refused=refused, **_around(found, level, subject))


def to_row(programme: Programme, level: str, number: int) -> Response:
    """Back to a row's page."""
    return redirect(url_for("programme_staff.row", programme=programme.slug, level=level, number=number), 303)


def name_of(subject: Any) -> str:
    """What a row is called."""
    return localize(getattr(subject, "title", None) or subject.text, current_code()).text


def _around(programme: Programme, level: str, subject: Any) -> dict[str, Any]:
    """What stands under a row, and its history."""
    organisations = {each.id: each for each in organisations_by_slug(db.session()).values()}
    return {
        "level": level,
        "word": level_words()[level],
        "row": subject,
        "name": name_of(subject),
        "organisations": organisations,
        "history": told(edits_of(db.session(), programme.id, level, subject.id), organisations),
    }
