"""One figure of one year: what the responsible party says, its evidence, and the council's steps."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from integration.accounts.errors import NotPermitted
from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.indicators.errors import FileNotAllowed, NothingReported, StepNotPossible, YearNotOver
from integration.indicators.models import Report, Stage
from integration.indicators.queries import as_printed, evidence_by_id, newest_report, programme_figures, revisions
from integration.indicators.services import (
    accept_report,
    add_evidence,
    remove_evidence,
    reopen_figure,
    save_report,
    send_report_back,
)
from integration.indicators.services.evidence import LARGEST
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.models import IndicatorKind
from integration.programme.queries import ProgrammeOutline
from integration.report.forms import ReportForm, StepForm
from integration.report.routes.dashboard import owners
from integration.report.routes.reading import outline_of
from integration.report.routes.words import cell_text, figure_text, target_text
from integration.report.staff_routes.blueprint import Row, blueprint, decides, reports_for, require_year, row_of
from integration.report.staff_routes.desk import lock_one, where, where_words
from integration.web.access import requires
from integration.web.headers import keep_private
from integration.web.uploads import takes_file


@blueprint.route(
    "/<language:language>/staff/programmes/<programme>/reporting/<int:year>/<indicator>", methods=["GET", "POST"]
)
@requires(Permission.PROGRAMME_DRAFTS)
@takes_file(2 * LARGEST)
def report(programme: str, year: int, indicator: str) -> Response | tuple[str, int]:
    """Read or report a figure. POST keeps a draft or hands it in."""
    outline, row = _found(programme, year, indicator)
    form = ReportForm.filled_from(newest_report(db.session(), row.indicator.id, year))
    form.ask(row.indicator.kind, row.indicator.unit)
    if request.method == "POST" and not _may_report(row, year):
        raise NotPermitted(row.action.id)
    if not form.validate_on_submit():
        return _page(outline, row, year, form)
    try:
        _keep(row, year, form)
    except NothingReported:
        form.not_applicable.errors = [_("Write the figure, or tick that the meter does not apply this year.")]
        return _page(outline, row, year, form)
    except FileNotAllowed:
        form.evidence.errors = [_("Attach a PDF, PNG or JPEG of at most 5 MB.")]
        return _page(outline, row, year, form)
    except StepNotPossible:
        flash(_("The council has already accepted this figure. Ask it to send the figure back."), "wait")
        return _page(outline, row, year, form)
    flash(_("Thank you. The figure is handed in.") if _hands_in() else _("Your draft is kept."))
    return redirect(url_for("report_staff.report", programme=programme, year=year, indicator=indicator), 303)


@blueprint.post("/<language:language>/staff/programmes/<programme>/reporting/<int:year>/<indicator>/step")
@requires(Permission.FIGURES_DECIDE)
def step(programme: str, year: int, indicator: str) -> Response:
    """The council accepts, sends back, locks or reopens a figure."""
    outline, row = _found(programme, year, indicator)
    form = StepForm()
    try:
        if form.validate_on_submit():
            _take(outline, row, year, form)
    except StepNotPossible:
        flash(_("Somebody else has moved this figure on meanwhile. Here is how it stands."), "wait")
    except NothingReported:
        flash(_("There is nothing to lock yet: nothing has been reported or accepted."), "wait")
    except YearNotOver:
        flash(_("The year is not over yet. Its figures can be locked from 1 January."), "wait")
    return redirect(url_for("report_staff.report", programme=programme, year=year, indicator=indicator), 303)


@blueprint.get("/<language:language>/staff/evidence/<int:number>")
@requires(Permission.PROGRAMME_DRAFTS)
def evidence(number: int) -> Response:
    """A file as it was attached; browsers show it and run nothing in it."""
    found, _report = evidence_by_id(db.session(), number)
    response = make_response(found.content)
    response.mimetype = found.media_type
    response.headers.set("Content-Disposition", "attachment", filename=found.title)
    return keep_private(response)


@blueprint.post("/<language:language>/staff/programmes/<programme>/reporting/<int:year>/<indicator>/evidence")
@requires(Permission.FIGURES_REPORT)
def drop_evidence(programme: str, year: int, indicator: str) -> Response:
    """Take a file away again."""
    _outline, row = _found(programme, year, indicator)
    number = request.form.get("evidence", "")
    found, of = evidence_by_id(db.session(), int(number) if number.isdecimal() and len(number) < 10 else 0)
    if (of.indicator_id, of.year) != (row.indicator.id, year):
        raise NotFound
    if not _may_report(row, year):
        raise NotPermitted(row.action.id)
    try:
        remove_evidence(db.session(), of, found, account_id=require_actor().account_id, now=utc_now())
    except StepNotPossible:
        flash(_("The council has already accepted this figure. Ask it to send the figure back."), "wait")
    return redirect(url_for("report_staff.report", programme=programme, year=year, indicator=indicator), 303)


def _found(programme: str, year: int, indicator: str) -> tuple[ProgrammeOutline, Row]:
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    return outline, row_of(outline, indicator)


def _may_report(row: Row, year: int) -> bool:
    actor = require_actor()
    return actor.can(Permission.FIGURES_REPORT) and reports_for(row.action, year, local_date(utc_now()))


def _hands_in() -> bool:
    return request.form.get("do") == "report"


def _keep(row: Row, year: int, form: ReportForm) -> None:
    """Keep what was typed and attach what was chosen; both or neither."""
    now, account_id = utc_now(), require_actor().account_id
    with db.session().begin_nested():
        kept = save_report(
            db.session(), row.indicator, year, form.said(), hand_in=_hands_in(), account_id=account_id, now=now
        )
        chosen = form.evidence.data
        if isinstance(chosen, FileStorage) and chosen.filename:
            add_evidence(db.session(), kept, chosen.filename, chosen.read(), account_id=account_id, now=now)


def _take(outline: ProgrammeOutline, row: Row, year: int, form: StepForm) -> None:
    now, account_id = utc_now(), require_actor().account_id
    kept = newest_report(db.session(), row.indicator.id, year)
    wanted = request.form.get("do", "")
    if wanted == "lock":
        lock_one(outline, row, year)
        flash(_("The figure is locked."))
    elif kept is None:
        flash(_("Nothing has been reported yet."), "wait")
    elif wanted == "accept":
        accept_report(db.session(), kept, account_id=account_id, now=now)
        flash(_("The figure is accepted."))
    elif wanted == "send_back":
        send_report_back(db.session(), kept, account_id=account_id, now=now)
        flash(_("The figure is sent back to the responsible party."))
    elif wanted == "reopen" and form.reason.data:
        reopen_figure(db.session(), kept, form.reason.data, account_id=account_id, now=now)
        flash(_("The figure is open again. The locked one is kept."))
    elif wanted == "reopen":
        flash(_("Say why it is opened again."), "wait")


def _page(outline: ProgrammeOutline, row: Row, year: int, form: ReportForm) -> tuple[str, int]:
    today = local_date(utc_now())
    figures = programme_figures(db.session(), outline, today, council=True)
    figure = next(each for each in figures.of(row.indicator) if each.year == year)
    kept = revisions(db.session(), row.indicator.id, year)
    newest: Report | None = kept[0] if kept else None
    aim = row.indicator.target_in(year) if row.indicator.kind is not IndicatorKind.MILESTONE else None
    open_ = newest is None or newest.stage in (Stage.DRAFT, Stage.REPORTED)
    page = render_template(
        "report/report.html",
        programme=outline,
        row=row,
        year=year,
        form=form,
        step_form=StepForm(formdata=None),
        figure=figure,
        text=figure_text(figure, row.indicator),
        aim=target_text(aim) if aim else "",
        owner=owners(row.action, today),
        where=where(figure),
        where_words=where_words(),
        newest=newest,
        older=[(cell_text(as_printed(row.indicator, each), row.indicator.unit), each.locked_at) for each in kept[1:]],
        writable=open_ and _may_report(row, year),
        decides=decides(),
        over=year < today.year,
    )
    return page, 422 if form.errors else 200
