"""Files to take along: blank spreadsheets, and the rows that need another look."""

from __future__ import annotations

import csv
import io

import sqlalchemy as sa
from flask import Response
from flask_babel import gettext as _

from integration.accounts.rules import Permission
from integration.activities.models import Activity
from integration.history.blank_sheets import XLSX, blank_csv, blank_xlsx
from integration.history.models import Contents, RowState
from integration.history.queries import HISTORY, import_by_id, rows_in
from integration.history.sheets import MOST_ROWS
from integration.history.staff_routes.blueprint import BASE, blueprint, outline_of
from integration.history.staff_routes.words import column_in_file, columns_of, problem_text, row_problems
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.web.access import requires
from integration.web.headers import keep_private

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get(f"{BASE}/blank/<name>")
@requires(Permission.HISTORY_IMPORT)
def blank(programme: str, name: str) -> Response:
    """A spreadsheet to fill in: ``sessions.xlsx``, ``totals.csv``."""
    outline = outline_of(db.session(), programme)
    stem, _dot, ending = name.partition(".")
    if stem not in tuple(Contents) or ending not in ("csv", "xlsx"):
        raise NotFound(name)
    contents, code = Contents(stem), current_code()
    if ending == "csv":
        return _download(blank_csv(contents, code), "text/csv; charset=utf-8", f"{stem}-{code}.csv")
    titles = db.session().scalars(sa.select(Activity.title).where(~Activity.slug.startswith(HISTORY)))
    names = [localize(each, code).text for each in titles]
    return _download(blank_xlsx(contents, code, outline, names), XLSX, f"{stem}-{code}.xlsx")


@blueprint.get(f"{BASE}/<int:number>/wrong.csv")
@requires(Permission.HISTORY_IMPORT)
def wrong_rows(programme: str, number: int) -> Response:
    """Every row that needs another look, with what is wrong with it."""
    found = import_by_id(db.session(), outline_of(db.session(), programme).id, number)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Row"), _("Column"), _("What is wrong")])
    columns = columns_of(found)
    for row in rows_in(db.session(), found.id, RowState.WRONG, most=MOST_ROWS):
        for each in row_problems(row):
            writer.writerow([row.number, _plain(column_in_file(each["column"], columns)), _plain(problem_text(each))])
    return keep_private(_download(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"rows-{number}.csv"))


def _plain(text: str) -> str:
    """Text that a spreadsheet takes for no formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _download(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
