"""Importing 50,000 session rows: how long dry run, import and undoing take, and how much memory they need."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from flask_migrate import upgrade

from integration import create_app
from integration.activities.models import Activity
from integration.demo.content import plant_content
from integration.history.models import Import
from integration.history.services import start_import, start_undo, take_in, work_on_imports
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from integration.programme.models import Programme
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from integration.settings import Settings
from tools.setup.system import ROOT

ROWS = 50_000
HEADS = ("Datum", "Klockslag", "Aktivitet", "Ställe", "Besök", "Vuxna", "Barn", "Partner", "Språk", "Källa")
SECRETS = {"SECRET_KEY": "s" * 32, "CARD_KEY": "c" * 32, "BASE_URL": "http://127.0.0.1:8000", "DEMO": "0"}


@dataclass(frozen=True)
class Imported:
    """Seconds of each step, and mebibytes at the highest."""

    check: float
    write: float
    undo: float
    peak: float

    def __str__(self) -> str:
        return (
            f"checked in {self.check:.1f} s, imported in {self.write:.1f} s (goal: both <= 60), "
            f"undone in {self.undo:.1f} s, peak memory {self.peak:.0f} MiB"
        )


def history_figures(url: str, rows: int = ROWS, kind: str = "csv") -> Imported:
    """Measure in a process of its own: its peak is the import's alone."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.history", url, str(rows), kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return Imported(*map(float, answer.stdout.split()[-4:]))


def measure(url: str, rows: int, kind: str) -> Imported:
    """Make the tables, then send, check, import and undo one file."""
    app = create_app(Settings.from_environment({**SECRETS, "DATABASE_URL": url}))
    with app.app_context():
        upgrade()
    with app.app_context(), transaction() as db_session:
        programme = db_session.scalar(sa.select(Programme))
        if programme is None:
            load_programme(
                db_session, read_programme((ROOT / "programmes" / "vaasa-2023-2026.yaml").read_bytes()), utc_now()
            )
            programme = db_session.scalars(sa.select(Programme)).one()
            plant_content(db_session, programme)
        slugs = [each.slug for each in db_session.scalars(sa.select(Activity).where(~Activity.sensitive))][:8]
        content = (csv_file if kind == "csv" else xlsx_file)(rows, slugs)
        number = take_in(db_session, programme.id, f"bench.{kind}", content, account_id=1, now=utc_now()).id
    del content
    check = _seconds(app)
    with app.app_context(), transaction() as db_session:
        found = db_session.get_one(Import, number)
        assert (found.new, found.wrong) == (rows, 0), (found.new, found.wrong, found.problem)
        start_import(db_session, found, account_id=1, now=utc_now())
    write = _seconds(app)
    peak = _peak()
    with app.app_context(), transaction() as db_session:
        start_undo(db_session, db_session.get_one(Import, number), account_id=1, now=utc_now())
    return Imported(check, write, _seconds(app), peak)


def lines(rows: int, slugs: list[str]) -> list[tuple[object, ...]]:
    """Invented sessions of three years: every row another day, activity or hour."""
    first = date(2023, 1, 1)
    made: list[tuple[object, ...]] = []
    for number in range(rows):
        on, rest = first + timedelta(days=number % 1000), number // 1000
        slug, hour = slugs[rest % len(slugs)], 8 + rest // len(slugs)
        people = number % 40
        made.append(
            (on, f"{hour}:00", slug, "Huset", people, people - people // 3, people // 3, "", "sv, tolk", "Pärm")
        )
    return made


def csv_file(rows: int, slugs: list[str]) -> bytes:
    """As Excel in Finland saves it."""
    text = "\r\n".join(
        ";".join(f"{each:%-d.%-m.%Y}" if isinstance(each, date) else str(each) for each in line)
        for line in (HEADS, *lines(rows, slugs))
    )
    return text.encode("cp1252")


def xlsx_file(rows: int, slugs: list[str]) -> bytes:
    """As Excel keeps it: dates are dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "d.m.yyyy"})
    sheet = book.add_worksheet()
    for number, line in enumerate((HEADS, *lines(rows, slugs))):
        sheet.write_row(number, 0, line)
    book.close()
    return out.getvalue()


def _seconds(app: Flask, work: Callable[..., None] = work_on_imports) -> float:
    started = time.perf_counter()
    with app.app_context():
        work(utc_now())
    return time.perf_counter() - started


def _peak() -> float:
    """Mebibytes that this process has held at the most."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(each.split()[1]) for each in status if each.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    found = measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    print(found.check, found.write, found.undo, found.peak)
