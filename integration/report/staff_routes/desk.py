"""The owner's desk: which figures of a year are there, and which are missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.models import Provenance, Stage
from integration.indicators.queries import (
    ProgrammeFigures,
    closed_years,
    exact_figures,
    programme_figures,
)
from integration.indicators.rules import Figure, Standing, State
from integration.indicators.services import close_year_if_final, lock_figure
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.queries import ProgrammeOutline, current_programme
from integration.report.forms import StepForm
from integration.report.queries import told_persons
from integration.report.routes.dashboard import owners
from integration.report.routes.reading import may_import, outline_of
from integration.report.routes.words import figure_text
from integration.report.rules import MOST_TIMES
from integration.report.staff_routes.blueprint import Row, blueprint, decides, reports_for, require_year, rows_of
from integration.report.staff_routes.reminders import own_reminder, party_rows
from integration.web.access import requires

MISSING = "missing"
COUNTED = "counted"
LATER = "later"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One figure of the year."""

    mark: str
    label: str
    title: Localized
    action: Localized
    owner: Markup
    text: str
    where: str
    """A stage, "missing", "later": not due yet, or "counted": computed and still moving."""
    state: State
    now: int | None
    url: str


@blueprint.get("/<language:language>/staff/reporting")
@requires(Permission.PROGRAMME_DRAFTS)
def desk_now() -> Response:
    """Send the reader to the year that is asked about: the last one until midsummer, then this one."""
    today = local_date(utc_now())
    programme = current_programme(db.session(), today)
    if programme is None:
        raise NotFound
    asked = today.year - 1 if today.month < 7 else today.year
    year = min(max(asked, programme.first_year), programme.last_year)
    return redirect(url_for("report_staff.desk", programme=programme.slug, year=year))


@blueprint.get("/<language:language>/staff/programmes/<programme>/reporting/<int:year>")
@requires(Permission.PROGRAMME_DRAFTS)
def desk(programme: str, year: int) -> str:
    """Every figure that the reader answers for (the council: all of them), what is missing first in words."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    today = local_date(utc_now())
    figures = programme_figures(db.session(), outline, today, council=True)
    rows = desk_rows(outline, figures, year, today)
    wanted = request.args.get("where", "")
    return render_template(
        "report/desk.html",
        programme=outline,
        year=year,
        rows=[row for row in rows if not wanted or row.where == wanted],
        tally=_tally(rows),
        wanted=wanted,
        where_words=where_words(),
        decides=decides(),
        imports=may_import(),
        reminder=own_reminder(),
        parties=party_rows(outline, figures, year) if decides() else [],
        most_times=MOST_TIMES,
        over=year < today.year,
        closed=year in closed_years(db.session(), outline.id),
        form=StepForm(),
    )


def lock_one(outline: ProgrammeOutline, row: Row, year: int) -> None:
    """Lock a single figure, and close the year when it was the last. Raises what ``lock_figure`` raises."""
    now, account_id = utc_now(), require_actor().account_id
    told = told_persons(db.session(), outline.id)
    exact = exact_figures(db.session(), outline, year, local_date(now), told=told)
    lock_figure(db.session(), row.indicator, year, exact.get(row.indicator.id), account_id=account_id, now=now)
    close_year_if_final(db.session(), outline, year, account_id=account_id, now=now)


def where_words() -> dict[str, str]:
    """Where a figure stands, in words."""
    return {
        MISSING: _("Missing"),
        COUNTED: _("Counted"),
        LATER: _("Not due yet"),
        Stage.DRAFT: _("Draft"),
        Stage.REPORTED: _("Reported"),
        Stage.ACCEPTED: _("Accepted"),
        Stage.LOCKED: _("Locked"),
    }


def desk_rows(outline: ProgrammeOutline, figures: ProgrammeFigures, year: int, today: date) -> list[DeskRow]:
    """The figures of a year that the reader answers for; the council sees all."""
    everything = decides()
    return [
        _row(outline, row, next(each for each in figures.of(row.indicator) if each.year == year), today)
        for row in rows_of(outline)
        if row.indicator.applies_in(year) and (everything or reports_for(row.action, year, today))
    ]


def _row(outline: ProgrammeOutline, row: Row, figure: Figure, today: date) -> DeskRow:
    code, indicator = current_code(), row.indicator
    return DeskRow(
        mark=row.mark,
        label=row.line.label,
        title=localize(indicator.title, code),
        action=localize(row.action.title, code),
        owner=owners(row.action, min(today, date(figure.year, 12, 31))),
        text=figure_text(figure, indicator),
        where=where(figure),
        state=figure.state,
        now=figure.now,
        url=url_for("report_staff.report", programme=outline.slug, year=figure.year, indicator=indicator.slug),
    )


def where(figure: Figure) -> str:
    """Where a figure stands on its way."""
    report = figure.report
    if report is not None and (report.says_something or report.stage is not Stage.DRAFT):
        return report.stage
    if figure.provenance is Provenance.COMPUTED:
        return COUNTED
    if report is not None:
        return report.stage
    return LATER if figure.standing is Standing.AHEAD else MISSING


def _tally(rows: list[DeskRow]) -> list[tuple[str, int]]:
    counts = Counter(row.where for row in rows)
    return [(name, counts[name]) for name in where_words() if counts[name]]
