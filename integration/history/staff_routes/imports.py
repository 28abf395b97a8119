"""Uploading a spreadsheet, looking at its dry run, and deciding: import, leave, undo."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from integration.accounts.queries import account_names
from integration.accounts.routes import require_actor
from integration.accounts.rules import Permission
from integration.activities.models import Activity
from integration.history.errors import FileRefused, NotNow
from integration.history.forms import StepForm, UploadForm
from integration.history.models import BUSY, Import, ImportRow, Progress, RowState
from integration.history.queries import PAGE, import_by_id, imports_of, rows_in, same_file
from integration.history.services import discard, start_import, start_undo, take_in
from integration.history.sheets import LARGEST
from integration.history.staff_routes.blueprint import BASE, blueprint, outline_of
from integration.history.staff_routes.words import (
    column_in_file,
    columns_of,
    contents_word,
    file_problem,
    problem_text,
    progress_word,
    row_problems,
)
from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.rules import Cell, published
from integration.kernel.clock import utc_now
from integration.kernel.database import commits_itself, db, transaction
from integration.kernel.errors import NotFound
from integration.programme.errors import ProgrammeClosed
from integration.programme.queries import ProgrammeOutline
from integration.web.access import requires
from integration.web.uploads import takes_file

FIRST_WRONG = 20
"""Rows with a fault that stand on the import's own page."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of a year, before and after."""

    title: Localized
    label: str
    year: int
    before: Cell
    after: Cell
    unit: str
    locked: Cell | None
    aside: Cell | None
    """A yearly total beside sessions, or sessions beside a yearly total: the sessions count."""
    on: date | None


@blueprint.route(BASE, methods=["GET", "POST"])
@requires(Permission.HISTORY_IMPORT)
@takes_file(LARGEST)
@commits_itself
def imports(programme: str) -> Response | tuple[str, int]:
    """All imports of a programme, blank files, and the form to send a filled one."""
    outline = outline_of(db.session(), programme)
    form = UploadForm()
    if not form.validate_on_submit() or not isinstance(form.file.data, FileStorage):
        return _list(outline, form)
    with closing(form.file.data) as sent:
        content, name = sent.read(), sent.filename or ""
    try:
        with transaction() as db_session:
            account_id, now = require_actor().account_id, utc_now()
            made = take_in(db_session, outline.id, name, content, account_id=account_id, now=now)
    except FileRefused as refusal:
        form.file.errors = [file_problem({"reason": refusal.reason, **refusal.facts})]
        return _list(outline, form)
    except ProgrammeClosed:
        form.file.errors = [_closed()]
        return _list(outline, form)
    return redirect(url_for("history_staff.one_import", programme=programme, number=made.id), 303)


@blueprint.get(f"{BASE}/<int:number>")
@requires(Permission.HISTORY_IMPORT)
def one_import(programme: str, number: int) -> str:
    """One import: how far it is, what is wrong with it, what it would change or has changed."""
    outline, found = _found(programme, number)
    people = account_names(db.session(), {found.uploaded_by, found.decided_by or 0, found.undone_by or 0})
    return render_template(
        "history/import.html",
        programme=outline,
        found=found,
        busy=found.progress in BUSY,
        people=people,
        again=same_file(db.session(), found) if found.progress is Progress.CHECKED else None,
        problem=file_problem(found.problem) if found.problem else "",
        figures=_figures(outline, found.preview or {}),
        wrong=[_wrong(row, found) for row in rows_in(db.session(), found.id, RowState.WRONG, most=FIRST_WRONG)],
        form=StepForm(),
        **_words(),
    )


@blueprint.get(f"{BASE}/<int:number>/rows/<state>")
@requires(Permission.HISTORY_IMPORT)
def rows(programme: str, number: int, state: str) -> str:
    """The rows of one import in one state, a page at a time."""
    outline, found = _found(programme, number)
    if state not in tuple(RowState):
        raise NotFound(state)
    asked = request.args.get("after", "0")
    after = int(asked) if asked.isdecimal() and len(asked) < 8 else 0
    listed = rows_in(db.session(), found.id, RowState(state), after)
    names = _names_of(outline)
    return render_template(
        "history/rows.html",
        programme=outline,
        found=found,
        state=RowState(state),
        listed=[_wrong(row, found) if state == RowState.WRONG else _row(row, names) for row in listed],
        after=listed[-1].number if len(listed) == PAGE else None,
        **_words(),
    )


@blueprint.post(f"{BASE}/<int:number>/<step>")
@requires(Permission.HISTORY_IMPORT)
def decide(programme: str, number: int, step: str) -> Response:
    """Import what was right, undo what was imported, or forget the file."""
    _outline, found = _found(programme, number)
    here = url_for("history_staff.one_import", programme=programme, number=number)
    if step not in ("import", "undo", "discard"):
        raise NotFound(step)
    account_id, now = require_actor().account_id, utc_now()
    try:
        if not StepForm().validate_on_submit():
            raise NotNow
        if step == "discard":
            discard(db.session(), found)
            flash(_("The file is forgotten. Nothing was imported."))
            return redirect(url_for("history_staff.imports", programme=programme), 303)
        start = start_import if step == "import" else start_undo
        start(db.session(), found, account_id=account_id, now=now)
    except NotNow:
        flash(_("Somebody was faster, or it is still at work. Here is how it stands."), "wait")
    except ProgrammeClosed:
        flash(_closed(), "no")
    return redirect(here, 303)


def _found(programme: str, number: int) -> tuple[ProgrammeOutline, Import]:
    outline = outline_of(db.session(), programme)
    return outline, import_by_id(db.session(), outline.id, number)


def _closed() -> str:
    return str(_("The programme is closed: every figure of it is locked. Nothing can be imported into it or undone."))


def _list(outline: ProgrammeOutline, form: UploadForm) -> tuple[str, int]:
    page = render_template(
        "history/imports.html",
        programme=outline,
        imports=imports_of(db.session(), outline.id),
        form=form,
        most=LARGEST // 1024 // 1024,
        **_words(),
    )
    return page, 422 if form.errors or form.file.errors else 200


def _words() -> dict[str, Any]:
    return {"progress_word": progress_word, "contents_word": contents_word}


def _figures(outline: ProgrammeOutline, preview: dict[str, Any]) -> list[FigureView]:
    known = {each.id: (line, each) for line in outline.lines for each in line.indicators}
    views = []
    for figure in preview.get("figures", ()):
        if figure["indicator"] not in known:
            continue
        line, indicator = known[figure["indicator"]]
        personal = figure["personal"] or indicator.unit == "persons"
        aside = figure.get("total") if figure.get("total") is not None else figure.get("counted")
        views.append(
            FigureView(
                title=localize(indicator.title, current_code()),
                label=line.label,
                year=figure["year"],
                before=published(figure["before"], personal=personal),
                after=published(figure["after"], personal=personal),
                unit=indicator.unit,
                locked=None if figure.get("locked") is None else published(figure["locked"], personal=personal),
                aside=None if aside is None else published(aside, personal=personal),
                on=date.fromisoformat(figure["on"]) if figure.get("on") else None,
            )
        )
    return views


def _wrong(row: ImportRow, found: Import) -> dict[str, Any]:
    columns = columns_of(found)
    problems = [(column_in_file(each["column"], columns), problem_text(each)) for each in row_problems(row)]
    return {"number": row.number, "problems": problems}


def _names_of(outline: ProgrammeOutline) -> dict[str, dict[int, Localized]]:
    code = current_code()
    actions = {each.id: localize(each.title, code) for each in outline.actions}
    indicators = {each.id: localize(each.title, code) for line in outline.lines for each in line.indicators}
    titles = db.session().execute(sa.select(Activity.id, Activity.title))
    activities = {number: localize(title, code) for number, title in titles}
    return {"action": actions, "indicator": indicators, "activity": activities}


def _row(row: ImportRow, names: dict[str, dict[int, Localized]]) -> dict[str, Any]:
    """A row in short: when, what, how much, and where that is from."""
    facts = row.facts
    line: dict[str, Any] = {"number": row.number, "source": row.source, "on": None, "year": None, "where": None}
    if "indicator" in facts:
        share = f"{facts['numerator']}/{facts['denominator']}" if facts["numerator"] is not None else facts["value"]
        what = names["indicator"].get(facts["indicator"])
        return line | {"year": facts["year"], "what": what, "value": facts["on"] or share}
    what = names["activity"].get(facts["activity"] or 0) or names["action"].get(facts["action"] or 0)
    on, people = date.fromisoformat(facts["on"]), facts["adults"] + facts["children"]
    return line | {"on": on, "what": what, "where": facts["venue"], "value": people}
