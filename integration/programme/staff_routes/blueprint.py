"""What the pages for editing a programme share: the blueprint, the programme at hand, and who does what when."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.kernel.clock import utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.errors import FigureLocked, OutsideItsYears, ProgrammeClosed
from integration.programme.models import Programme
from integration.programme.queries import programme_by_slug
from integration.programme.services import Editor

blueprint = Blueprint("programme_staff", __name__)
BASE = "/<language:language>/staff/programmes/<programme>/edit"
Page = Response | str | tuple[str, int]
_SLUG = re.compile(r"[a-z0-9-]{1,80}")


def own_programme(slug: str) -> Programme:
    """The programme with this slug; raises NotFound."""
    found = programme_by_slug(db.session(), slug) if _SLUG.fullmatch(slug) else None
    if found is None:
        raise NotFound(slug)
    return found


def editor() -> Editor:
    """Whoever is signed in, now."""
    return Editor(require_actor().account_id, utc_now())


def done(verb: Callable[[], Any]) -> bool:
    """Do it, all or nothing; where that is refused, say why and return False."""
    try:
        with db.session().begin_nested():
            verb()
    except ProgrammeClosed:
        flash(_("Every figure of this programme is locked. It is only read."), "wait")
    except FigureLocked as refusal:
        flash(_("The figure of %(year)s is locked: what was asked of it stays.", year=refusal.year), "wait")
    except OutsideItsYears:
        flash(_("Choose years that the programme has."), "wait")
    else:
        flash(_("Saved."))
        return True
    return False


def form_page(template: str, programme: Programme, form: FlaskForm | None, *, refused: bool, **values: Any) -> Page:
    """A page with a form: 422 while something in it needs another look, 409 when a rule said no."""
    page = render_template(template, programme=programme, form=form, **values)
    return page, 422 if form and form.errors else 409 if refused else 200
