"""The figures as open data, suppressed like the pages that the public sees, whoever asks."""

from __future__ import annotations

from flask import Response, jsonify

from integration.indicators.queries import ProgrammeFigures, programme_figures
from integration.kernel.clock import local_date, utc_now
from integration.programme.queries import ProgrammeOutline
from integration.report.open_data import csv_text, open_document, open_rows
from integration.report.queries import told_persons
from integration.report.routes.blueprint import blueprint
from integration.report.routes.reading import outline_of, reading_session
from integration.web.access import public


@blueprint.get("/api/v1/programmes/<programme>/indicators.json")
@public
def indicators_json(programme: str) -> Response:
    """Every indicator with its years."""
    return jsonify(open_document(*_published(programme)))


@blueprint.get("/api/v1/programmes/<programme>/indicators.csv")
@public
def indicators_csv(programme: str) -> Response:
    """One line per indicator and year; UTF-8 with the mark by which spreadsheets know it."""
    outline, figures = _published(programme)
    response = Response("\ufeff" + csv_text(open_rows(outline, figures)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{outline.slug}.csv"'
    return response


def _published(slug: str) -> tuple[ProgrammeOutline, ProgrammeFigures]:
    db_session = reading_session()
    outline = outline_of(db_session, slug)
    told = told_persons(db_session, outline.id)
    return outline, programme_figures(db_session, outline, local_date(utc_now()), council=False, told=told)
