"""How the product slows down as visits pile up: the dashboard, a check-in, and counting every figure again."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.data import Prepared, prepare
from bench.databases import own_database
from bench.load import burst, request_bytes
from bench.serving import served
from bench.years import prepare_years, size_of
from integration import create_app
from integration.kernel.database import db
from integration.settings import Settings
from tools.setup.system import PYTHON, ROOT

LOOKS = 100
SCANS = 300
MOST_MILLISECONDS = 25
MOST_GROWTH = 1.3
MOST_SECONDS = 120


@dataclass(frozen=True)
class Grown:
    """One database at one size: milliseconds at the median, one client; seconds and MiB of counting again."""

    database: str
    attendances: int
    sessions: int
    dashboard: float
    check_in: float
    rebuilding: float
    memory: float


CheckIns = Callable[[Prepared, int, int], Iterator[bytes]]


def grow(name: str, url: str, secrets: Mapping[str, str], attendances: int, check_ins: CheckIns) -> Grown:
    """Measure at one size, in a database of its own that is gone afterwards."""
    size = size_of(attendances)
    with own_database(url, f"grown_{attendances}") as fresh:
        app = create_app(Settings.from_environment({**secrets, "DATABASE_URL": fresh}))
        with app.app_context():
            upgrade()
        slug = prepare_years(app, size)
        prepared = prepare(app, SCANS)
        with app.app_context():
            db.session.execute(sa.text("ANALYZE"))
            db.session.commit()
            db.engine.dispose()
        seconds, memory = _rebuild(fresh, secrets)
        with served(fresh, secrets, "app:app", "/healthz") as server:
            page = request_bytes("GET", f"/sv/programmes/{slug}", {"Accept-Encoding": "gzip"})
            burst(server.port, [page] * 20, clients=1)
            looks = burst(server.port, [page] * LOOKS, clients=1)
            scans = burst(server.port, check_ins(prepared, 0, SCANS), clients=1)
        return Grown(name, attendances, size.sessions, looks.p50, scans.p50, seconds, memory)


def _rebuild(url: str, secrets: Mapping[str, str]) -> tuple[float, float]:
    """Run the command as an operator would; seconds, and the most memory that it took in MiB."""
    env = {**os.environ, **secrets, "DATABASE_URL": url}
    began = time.perf_counter()
    process = subprocess.Popen([str(PYTHON), "-m", "flask", "--app", "app", "figures", "rebuild"], cwd=ROOT, env=env)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"figures rebuild ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


def print_growth(rows: Sequence[Grown]) -> None:
    """The table as people read it; growth is against the smallest size on the same database."""
    if not rows:
        return
    print(f"\n{'database':<11}{'attendances':>12}{'sessions':>10}{'dashboard ms':>14}{'growth':>8}", end="")
    print(f"{'check-in ms':>13}{'growth':>8}{'rebuild s':>11}{'MiB':>6}")
    smallest = {row.database: row for row in sorted(rows, key=lambda row: -row.attendances)}
    for row in rows:
        first = smallest[row.database]
        print(f"{row.database:<11}{row.attendances:>12,}{row.sessions:>10,}", end="")
        print(f"{row.dashboard:>14.1f}{row.dashboard / first.dashboard:>8.2f}", end="")
        print(f"{row.check_in:>13.2f}{row.check_in / first.check_in:>8.2f}{row.rebuilding:>11.1f}{row.memory:>6.0f}")
    print(
        f"goals: dashboard <= {MOST_MILLISECONDS} ms and growth <= {MOST_GROWTH}, check-in growth <= {MOST_GROWTH},"
        f" rebuild of ten million <= {MOST_SECONDS} s in flat memory"
    )
