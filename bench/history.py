"""Importing 50,000 session rows: how long reading, importing and undoing them takes, and how much memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from flask_migrate import upgrade

from bench.databases import own_database
from bench.memory import peak
from integration import create_app
from integration.demo.content import plant_content
from integration.history.models import Import
from integration.history.services import start_import, start_undo, take_in, work_on_imports
from integration.kernel.clock import utc_now
from integration.kernel.database import db, transaction
from integration.programme.models import Programme
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from integration.settings import Settings
from tools.setup.system import PYTHON, ROOT

ROWS = 50_000
FEW = 1_000
"""Rows of the small file whose memory the large one's is compared with."""
MOST_SECONDS = 60
MOST_GROWTH = 1.3
HEADS = ("Datum", "Klockslag", "Aktivitet", "Ställe", "Besök", "Vuxna", "Barn", "Partner", "Språk", "Källa")
SLUGS = ("cv-clinic", "mini-recruitment-fair", "culture-cafe", "participation-fair", "family-school")


@dataclass(frozen=True)
class Imported:
    """One file: seconds of each step, the most MiB, and the most that a file of a thousand rows takes."""

    database: str
    kind: str
    rows: int
    reading: float
    importing: float
    undoing: float
    memory: float
    memory_of_few: float


def history_figures(name: str, url: str, secrets: Mapping[str, str], rows: int) -> list[Imported]:
    """Measure both kinds of file, each in a database of its own."""
    return [_figures(name, url, secrets, kind, rows) for kind in ("csv", "xlsx")]


def _figures(name: str, url: str, secrets: Mapping[str, str], kind: str, rows: int) -> Imported:
    with tempfile.TemporaryDirectory() as folder, own_database(url, f"history_{kind}") as fresh:
        _plant(create_app(Settings.from_environment({**secrets, "DATABASE_URL": fresh})))
        few, many = Path(folder) / f"few.{kind}", Path(folder) / f"many.{kind}"
        few.write_bytes(content_of(kind, FEW))
        many.write_bytes(content_of(kind, rows))
        _seconds, memory_of_few = _apart(fresh, secrets, few)
        (reading, importing, undoing), memory = _apart(fresh, secrets, many)
    return Imported(name, kind, rows, reading, importing, undoing, memory, memory_of_few)


def _plant(app: Flask) -> None:
    with app.app_context():
        upgrade()
        with transaction() as db_session:
            vaasa = (ROOT / "programmes" / "vaasa-2023-2026.yaml").read_bytes()
            load_programme(db_session, read_programme(vaasa), utc_now())
            plant_content(db_session, db_session.scalars(sa.select(Programme)).one())
        db.engine.dispose()


def _apart(url: str, secrets: Mapping[str, str], file: Path) -> tuple[list[float], float]:
    """In a process of its own, whose memory is the import's alone: seconds of the steps, and the most MiB."""
    answer = subprocess.run(
        [str(PYTHON), "-m", "bench.history", str(file)],
        cwd=ROOT,
        env={**os.environ, **secrets, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *seconds, memory = map(float, answer.stdout.splitlines()[-1].split())
    return seconds, memory


def steps(app: Flask, file: Path) -> list[float]:
    """Send, read, import and undo a file; seconds of the three things that a worker does."""
    with app.app_context():
        with transaction() as db_session:
            programme_id = db_session.scalars(sa.select(Programme.id)).one()
            sent = take_in(db_session, programme_id, file.name, file.read_bytes(), account_id=1, now=utc_now())
            number = sent.id
        reading = _work()
        with transaction() as db_session:
            found = db_session.get_one(Import, number)
            if found.wrong or not found.new:
                raise RuntimeError(f"{found.new} rows were right and {found.wrong} wrong: {found.problem}")
            start_import(db_session, found, account_id=1, now=utc_now())
        importing = _work()
        with transaction() as db_session:
            start_undo(db_session, db_session.get_one(Import, number), account_id=1, now=utc_now())
        return [reading, importing, _work()]


def _work() -> float:
    """Seconds that the worker takes; it remembers nothing of what was there before."""
    db.session.remove()
    began = time.perf_counter()
    work_on_imports(utc_now())
    return time.perf_counter() - began


def content_of(kind: str, rows: int) -> bytes:
    """A file of invented sessions."""
    return csv_file(rows) if kind == "csv" else xlsx_file(rows)


def lines(rows: int) -> Iterator[tuple[object, ...]]:
    """Invented sessions of three years: every row another day, activity or hour."""
    first = date(2023, 1, 1)
    for number in range(rows):
        on, rest = first + timedelta(days=number % 1000), number // 1000
        slug, clock = SLUGS[rest % len(SLUGS)], 8 * 60 + rest // len(SLUGS) * 15
        people = number % 40
        who = (people, people - people // 3, people // 3)
        yield (on, f"{clock // 60}:{clock % 60:02}", slug, "Huset", *who, "", "sv, tolk", "Pärm")


def csv_file(rows: int) -> bytes:
    """As Excel in Finland saves it."""
    text = "\r\n".join(
        ";".join(f"{each:%-d.%-m.%Y}" if isinstance(each, date) else str(each) for each in line)
        for line in (HEADS, *lines(rows))
    )
    return text.encode("cp1252")


def xlsx_file(rows: int) -> bytes:
    """As Excel keeps it: dates are dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "d.m.yyyy"})
    sheet = book.add_worksheet()
    for number, line in enumerate((HEADS, *lines(rows))):
        sheet.write_row(number, 0, line)
    book.close()
    return out.getvalue()


def print_history(rows: Sequence[Imported]) -> None:
    """The table as people read it."""
    if not rows:
        return
    print(f"\n{'database':<11}{'file':<6}{'rows':>8}{'reading s':>11}{'importing s':>13}{'undoing s':>11}", end="")
    print(f"{'together s':>12}{'MiB':>6}{f'MiB of {FEW:,} rows':>19}{'growth':>8}")
    for row in rows:
        together = row.reading + row.importing + row.undoing
        growth = row.memory / row.memory_of_few
        print(f"{row.database:<11}{row.kind:<6}{row.rows:>8,}{row.reading:>11.1f}{row.importing:>13.1f}", end="")
        print(
            f"{row.undoing:>11.1f}{together:>12.1f}{row.memory:>6.0f}{row.memory_of_few:>19.0f}{growth:>8.2f}", end=""
        )
        print("  reached" if together <= MOST_SECONDS and growth <= MOST_GROWTH else "  not reached")
    print(f"goals: {ROWS:,} rows <= {MOST_SECONDS} s together, memory growth <= {MOST_GROWTH}")


if __name__ == "__main__":
    print(*steps(create_app(Settings.from_environment(os.environ)), Path(sys.argv[1])), peak())
