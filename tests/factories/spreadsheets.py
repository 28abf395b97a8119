"""Spreadsheets of an invented city, as people would send them, and the worker that reads them at once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from flask import Flask

from integration.activities.models import Activity
from integration.history.models import Import
from integration.history.services import start_import, start_undo, take_in, work_on_imports
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction
from integration.programme.models import Action, Measure, Programme
from tests.factories.activities import make_activity
from tests.factories.figures import computed, make_action, make_line, make_programme, serve

HEADS = ("Datum", "Aktivitet", "Ställe", "Besök", "Vuxna", "Barn", "Partner", "Språk", "Källa")
TOTAL_HEADS = ("Åtgärd", "Mätare", "År", "Värde", "Källa")
ACCOUNT = 7


@dataclass(frozen=True)
class Town:
    """A programme with one café, whose sessions, visits, people and partners it counts."""

    programme: Programme
    action: Action
    cafe: Activity


def plant_town(db_session: DbSession) -> Town:
    """The town, committed."""
    programme = make_programme(db_session, slug="town")
    action = make_action(db_session, programme, slug="cafe", number="1", title={"sv": "Kafé", "fi": "Kahvila"})
    measures = (Measure.HELD, Measure.VISITS, Measure.UNIQUE, Measure.PARTNERS)
    for place, measure in enumerate(measures):
        slug = f"cafe-{measure}"
        title = {"sv": f"Tal {place}", "fi": f"Luku {place}"}
        make_line(db_session, action, computed(measure, slug=slug, title=title), slug=slug)
    cafe = make_activity(db_session, slug="culture-cafe", title={"sv": "Kulturkafé", "fi": "Kulttuurikahvila"})
    serve(db_session, cafe, action)
    db_session.commit()
    return Town(programme, action, cafe)


def csv_of(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS, encoding: str = "cp1252") -> bytes:
    """As Excel in Finland saves it: semicolons, and the letters of western Europe."""
    lines = [";".join(str(cell) for cell in row) for row in (heads, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def xlsx_of(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    """A workbook with these cells; dates are dates, numbers numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d.m.yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate((heads, *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def check(app: Flask, programme: Programme, content: bytes, name: str = "historia.csv") -> int:
    """Send a file and let the worker read it; returns the import's number."""
    with app.app_context():
        with transaction() as db_session:
            made = take_in(db_session, programme.id, name, content, account_id=ACCOUNT, now=utc_now()).id
        work_on_imports(utc_now())
    return made


def decide(app: Flask, number: int, *, undo: bool = False, work: bool = True) -> None:
    """Let the import be done, or undone; without ``work`` it waits for a worker."""
    start = start_undo if undo else start_import
    with app.app_context():
        with transaction() as db_session:
            start(db_session, db_session.get_one(Import, number), account_id=ACCOUNT, now=utc_now())
        if work:
            work_on_imports(utc_now())


def plant_imports(app: Flask) -> dict[str, int]:
    """Two files of the city that wait for a person: one read, with rows that need another look, and one refused."""
    rows = (
        ("1.2.2023", "culture-cafe", "", "14", "10", "4", "Testföreningen", "sv, ar", "Pärm"),
        ("2.2.2023", "culture-cafe", "", "20", "", "", "", "", "Pärm"),
        ("31.2.2023", "Kulturkafe", "", "många", "", "", "", "klingonska", ""),
    )
    with app.app_context(), transaction() as db_session:
        programme = db_session.scalars(sa.select(Programme)).one()
    read = check(app, programme, csv_of(rows), "besök 2023.csv")
    return {"$import": read, "$import_refused": check(app, programme, csv_of((), ("A", "B")), "annat.csv")}


def bring_in(app: Flask, programme: Programme, content: bytes) -> int:
    """Send a file and import what is right in it."""
    number = check(app, programme, content)
    decide(app, number)
    return number
