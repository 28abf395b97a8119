"""Finishing a year: what is missing of it, everything accepted at once, everything locked at once."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.indicators.errors import NothingReported, YearNotOver
from integration.indicators.models import Stage
from integration.indicators.queries import closed_years, exact_figures, programme_figures
from integration.indicators.services.whole_years import accept_year, lock_year
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.programme.queries import ProgrammeOutline
from integration.report.forms import LockForm
from integration.report.queries import told_persons
from integration.report.routes.reading import outline_of
from integration.report.staff_routes.blueprint import blueprint, require_year
from integration.report.staff_routes.desk import COUNTED, MISSING, desk_rows, where_words
from integration.web.access import requires

BASE = "/<language:language>/staff/programmes/<programme>/reporting/<int:year>"
OPEN = (MISSING, Stage.DRAFT, Stage.REPORTED)
"""What keeps a year from being locked as a whole."""


@blueprint.post(f"{BASE}/accept")
@requires(Permission.FIGURES_DECIDE)
def accept_all(programme: str, year: int) -> Response:
    """Accept everything that has been handed in."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    done = accept_year(db.session(), outline, year, account_id=require_actor().account_id, now=utc_now())
    flash(ngettext("%(num)s figure is accepted.", "%(num)s figures are accepted.", done))
    return redirect(url_for("report_staff.finish", programme=programme, year=year), 303)


@blueprint.route(f"{BASE}/lock", methods=["GET", "POST"], endpoint="finish")
@requires(Permission.FIGURES_DECIDE)
def finish(programme: str, year: int) -> Response | tuple[str, int]:
    """What stands where and what is missing; the POST locks everything that is ready, in one go."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    form = LockForm()
    if not form.validate_on_submit():
        return _page(outline, year, form)
    try:
        done = _lock(outline, year, form)
    except NothingReported:
        form.reason.errors = [_("Say why they are locked without a figure.")]
        return _page(outline, year, form)
    except YearNotOver:
        flash(_("The year is not over yet. Its figures can be locked from 1 January."), "wait")
        return _page(outline, year, form)
    flash(ngettext("%(num)s figure is locked.", "%(num)s figures are locked.", done))
    onward = "desk" if year in closed_years(db.session(), outline.id) else "finish"
    return redirect(url_for(f"report_staff.{onward}", programme=programme, year=year), 303)


def _lock(outline: ProgrammeOutline, year: int, form: LockForm) -> int:
    now = utc_now()
    return lock_year(
        db.session(),
        outline,
        year,
        exact_figures(db.session(), outline, year, local_date(now), told=told_persons(db.session(), outline.id)),
        without=form.reason.data or "" if form.missing_too.data else None,
        account_id=require_actor().account_id,
        now=now,
    )


def _page(outline: ProgrammeOutline, year: int, form: LockForm) -> tuple[str, int]:
    today = local_date(utc_now())
    rows = desk_rows(outline, programme_figures(db.session(), outline, today, council=True), year, today)
    counts = Counter(row.where for row in rows)
    page = render_template(
        "report/finish.html",
        programme=outline,
        year=year,
        form=form,
        counts=[(name, word, counts[name]) for name, word in where_words().items() if counts[name]],
        ready=counts[COUNTED] + counts[Stage.ACCEPTED],
        reported=counts[Stage.REPORTED],
        absent=counts[MISSING] + counts[Stage.DRAFT],
        open_rows=[row for row in rows if row.where in OPEN],
        words=where_words(),
        over=year < today.year,
        closed=year in closed_years(db.session(), outline.id),
    )
    return page, 422 if request.method == "POST" and form.errors else 200
