"""The list taken along: as a spreadsheet, as text, and as a sheet of paper to sign in on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from integration.accounts.rules import Permission
from integration.activities.models import Session
from integration.activities.rules import title_of
from integration.audit.services import Audited
from integration.i18n.dates import clock
from integration.i18n.languages import language
from integration.kernel.clock import local
from integration.kernel.database import db
from integration.kernel.lazy import Later
from integration.registration.queries.comers import comers_of_session
from integration.registration.routes.blueprint import private
from integration.registration.rules.comers import Comer, ComerState, Order, formula_safe, ordered
from integration.registration.staff_routes.blueprint import blueprint, leave_trace, own_session
from integration.web.access import requires
from integration.web.headers import keep_private

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Later("xlsxwriter")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EMPTY_LINES = 6
"""Lines on paper for those who come without having signed up."""
Cell = str | int


@blueprint.get("/<language:language>/staff/sessions/<key>/registrations.csv")
@requires(Permission.REGISTRATIONS_READ)
def list_csv(key: str) -> Response:
    """The list as text. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    session = own_session(key)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([formula_safe(cell) if isinstance(cell, str) else cell for cell in row] for row in _rows(session))
    return _file(session, "\ufeff" + out.getvalue(), "text/csv", "csv")


@blueprint.get("/<language:language>/staff/sessions/<key>/registrations.xlsx")
@requires(Permission.REGISTRATIONS_READ)
def list_xlsx(key: str) -> Response:
    """The list as a spreadsheet, in which text is text: nothing that was typed is ever a formula or a link."""
    session = own_session(key)
    return _file(session, _workbook(list(_rows(session))), XLSX, "xlsx")


@blueprint.get("/<language:language>/staff/sessions/<key>/sign-in-sheet")
@requires(Permission.REGISTRATIONS_READ)
def sign_in_sheet(key: str) -> WerkzeugResponse:
    """Paper for the door: names and numbers, no codes, no phones and no needs, for it lies open on a table."""
    session = own_session(key)
    comers = _comers(session, "paper")
    page = render_template(
        "registration/sign_in_sheet.html",
        session=session,
        title=title_of(session),
        comers=[each for each in comers if each.state is ComerState.COMES],
        empty_lines=EMPTY_LINES,
    )
    return private(page)


def _comers(session: Session, format: str) -> list[Comer]:
    comers = ordered(comers_of_session(db.session(), session.id), Order.NAME)
    leave_trace(session.id, len(comers), Audited.REGISTRATIONS_EXPORTED, format=format)
    return comers


def _rows(session: Session) -> Iterable[list[Cell]]:
    yield [
        _("Name"),
        _("State"),
        _("Adults"),
        _("Children"),
        _("Aged 0–6"),
        _("Aged 7–12"),
        _("Aged 13–17"),
        _("Needs"),
        _("Language"),
        _("Phone"),
        _("E-mail"),
        _("Individual time"),
        _("Group"),
        _("Whole series"),
        _("Signed up"),
    ]
    for each in _comers(session, "table"):
        yield _row(each)


def _row(comer: Comer) -> list[Cell]:
    states = {ComerState.COMES: _("Comes"), ComerState.WAITS: _("Waits"), ComerState.OFFERED: _("Has an offer")}
    return [
        comer.name or "",
        states[comer.state],
        comer.adults,
        comer.children,
        comer.children_0_6,
        comer.children_7_12,
        comer.children_13_17,
        comer.help or "",
        language(comer.language).name,
        comer.phone or "",
        comer.email or "",
        clock(comer.slot_at) if comer.slot_at else "",
        _("yes") if comer.is_group else "",
        _("yes") if comer.in_series else "",
        f"{local(comer.at):%Y-%m-%d %H:%M}",
    ]


def _workbook(rows: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(_("Who comes")[:31]), book.add_format({"bold": True})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                else:
                    sheet.write_string(row, column, cell, None if row else bold)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows) - 1), len(rows[0]) - 1)
        sheet.autofit()
    return out.getvalue()


def _file(session: Session, content: str | bytes, mimetype: str, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    name = f"delaktig-{session.local_on.isoformat()}-{session.key}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return keep_private(response)
