"""Published reports: their list, and their files byte for byte."""

from __future__ import annotations

from flask import Response, render_template

from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.report.queries import edition_file, editions_of
from integration.report.routes.blueprint import blueprint
from integration.report.routes.reading import outline_of
from integration.web.access import public

LANGUAGES = ("sv", "fi", "en")


@blueprint.get("/<language:language>/programmes/<programme>/reports")
@public
def editions(programme: str) -> str:
    """What was published of a programme, the newest first."""
    outline = outline_of(db.session(), programme)
    return render_template(
        "report/editions.html",
        programme=outline,
        editions=editions_of(db.session(), outline.id),
        languages=LANGUAGES,
    )


@blueprint.get("/programmes/<programme>/reports/<kind>/<int:year>/<int:number>/<name>", endpoint="edition_file")
@public
def file_of_edition(programme: str, kind: str, year: int, number: int, name: str) -> Response:
    """A file as it was published. It never changes, so whoever has it need not ask again."""
    db_session = db.session()
    outline = outline_of(db_session, programme)
    if not (year < 10_000 and number < 10_000 and "\0" not in name + kind):
        raise NotFound
    found = edition_file(db_session, outline.id, kind, year, number, name)
    if found is None:
        raise NotFound
    answer = Response(found.content, content_type=found.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.set_etag(found.sha256)
    return answer
