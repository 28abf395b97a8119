"""Writing a report: its sections in three languages, its preview, and the button that freezes it."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from integration.accounts.queries import account_names
from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import commits_itself, db, reading, transaction
from integration.kernel.errors import NotFound
from integration.programme.queries import ProgrammeOutline
from integration.report.editions import LANGUAGES, report_html, report_pdf
from integration.report.errors import BeingMade, PublishedAlready, ToldMeanwhile
from integration.report.forms import ProseForm, PublishForm
from integration.report.models import ReportKind
from integration.report.queries import editions_of, next_number, orders_of, prose_of, writings_of
from integration.report.routes.reading import outline_of, reading_session
from integration.report.services import draft_of, keep_order, prepare_edition, write_prose
from integration.report.staff_routes.blueprint import blueprint, require_year
from integration.web.access import requires

SUMMARY = "summary"
LATE = timedelta(minutes=1)
"""An edition that no worker has taken up for so long waits for whoever runs the system."""
PREVIEWS = {"pdf": (report_pdf, "application/pdf", "inline"), "html": (report_html, "text/html", "attachment")}
BASE = "/<language:language>/staff/programmes/<programme>/reports"


@blueprint.get(BASE)
@requires(Permission.FIGURES_DECIDE)
def reports(programme: str) -> str:
    """Which reports there are to write, and what was published."""
    outline = outline_of(db.session(), programme)
    this_year = local_date(utc_now()).year
    return render_template(
        "report/reports.html",
        programme=outline,
        years=[year for year in outline.years if year <= this_year],
        editions=editions_of(db.session(), outline.id),
        orders=orders_of(db.session(), outline.id),
    )


@blueprint.get(f"{BASE}/<kind>/<int:year>", endpoint="report_writing")
@requires(Permission.FIGURES_DECIDE)
def writing(programme: str, kind: str, year: int) -> str:
    """The sections of one report with what is written in which language."""
    outline, chosen = _report(programme, kind, year)
    db_session, now = db.session(), utc_now()
    order = orders_of(db_session, outline.id).get((chosen, year))
    published = [each for each in editions_of(db_session, outline.id) if (each.kind, each.year) == (chosen, year)]
    return render_template(
        "report/report_writing.html",
        programme=outline,
        kind=chosen,
        year=year,
        sections=_sections(outline),
        prose=prose_of(db_session, outline.id, chosen, year),
        languages=LANGUAGES,
        form=PublishForm(number=next_number(db_session, outline.id, chosen, year)),
        order=order,
        asked_by=account_names(db_session, {order.asked_by or 0}).get(order.asked_by or 0) if order else None,
        late=order is not None and order.claimed_at is None and now - order.asked_at > LATE,
        published=published,
    )


@blueprint.route(f"{BASE}/<kind>/<int:year>/<section>", methods=["GET", "POST"], endpoint="report_section")
@requires(Permission.FIGURES_DECIDE)
def write_section(programme: str, kind: str, year: int, section: str) -> AnyResponse | tuple[str, int]:
    """One section's prose in three languages, with what was written before."""
    outline, chosen = _report(programme, kind, year)
    sections = {slug: (domain_id, name) for slug, domain_id, name in _sections(outline)}
    if section not in sections:
        raise NotFound(section)
    domain_id, name = sections[section]
    form = ProseForm(data=prose_of(db.session(), outline.id, chosen, year).get(domain_id) or {})
    if form.validate_on_submit():
        account_id = require_actor().account_id
        write_prose(db.session(), outline, chosen, year, domain_id, form.texts(), account_id=account_id, now=utc_now())
        flash(_("Saved."))
        return redirect(url_for("report_staff.report_writing", programme=programme, kind=kind, year=year), 303)
    written = writings_of(db.session(), outline.id, chosen, year)
    page = render_template(
        "report/report_section.html",
        programme=outline,
        kind=chosen,
        year=year,
        name=name,
        form=form,
        history=[each for each in reversed(written) if each.domain_id == domain_id],
    )
    return page, 422 if form.errors else 200


@blueprint.get(f"{BASE}/<kind>/<int:year>/preview/<name>")
@requires(Permission.FIGURES_DECIDE)
def preview(programme: str, kind: str, year: int, name: str) -> Response:
    """The report as it would be published now, marked as a draft: ``sv.pdf``, ``fi.html``."""
    code, _dot, ending = name.partition(".")
    outline, chosen = _report(programme, kind, year)
    if code not in LANGUAGES or ending not in PREVIEWS:
        raise NotFound(name)
    make, media_type, way = PREVIEWS[ending]
    draft = draft_of(reading_session(), outline, chosen, year, utc_now(), None)
    answer = Response(make(draft, code), mimetype=media_type)
    answer.headers["Content-Disposition"] = f'{way}; filename="{outline.slug}-{kind}-{year}-{code}-draft.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post(f"{BASE}/<kind>/<int:year>/publish", endpoint="report_publish")
@requires(Permission.FIGURES_DECIDE)
@commits_itself
def freeze(programme: str, kind: str, year: int) -> AnyResponse:
    """Publish the report as it is now: it is written down at once, and its files are made behind the pages."""
    outline, chosen = _report(programme, kind, year)
    account_id, number = require_actor().account_id, PublishForm().number.data or 0
    try:
        _order(outline, chosen, year, number, account_id)
    except BeingMade:
        flash(_("This report is being published already."), "wait")
    except PublishedAlready:
        flash(_("This edition is published already. Look at it before you make another."), "wait")
    return redirect(url_for("report_staff.report_writing", programme=programme, kind=kind, year=year), 303)


def _order(outline: ProgrammeOutline, kind: ReportKind, year: int, number: int, account_id: int) -> None:
    """Read at one moment while nobody waits, then write in a moment; read anew if another edition came between."""
    for last in (False, False, True):
        now = utc_now()
        with reading():
            prepared = prepare_edition(reading_session(), outline, kind, year, number=number, now=now)
        try:
            with transaction() as db_session:
                keep_order(db_session, prepared, account_id=account_id, now=now)
        except ToldMeanwhile:
            if last:
                raise BeingMade from None
        else:
            return


def _report(programme: str, kind: str, year: int) -> tuple[ProgrammeOutline, ReportKind]:
    """The programme and the kind of report; raises NotFound for what cannot be written yet."""
    outline = outline_of(db.session(), programme)
    require_year(outline, year)
    kinds = {each.value: each for each in ReportKind}
    if kind not in kinds or year > local_date(utc_now()).year:
        raise NotFound(kind)
    if kinds[kind] is ReportKind.FINAL and year != outline.last_year:
        raise NotFound(kind)
    return outline, kinds[kind]


def _sections(outline: ProgrammeOutline) -> list[tuple[str, int | None, str]]:
    """(address, domain id or None, name): the summary first."""
    domains = [(each.slug, each.id, localize(each.title, current_code()).text) for each in outline.domains]
    return [(SUMMARY, None, str(_("Summary"))), *domains]
