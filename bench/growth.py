"""How the product slows down as visits pile up: the dashboard, a check-in, and counting every figure again.

The dashboard is looked at in three moments: unchanged since the last look; right after a scan at the door; and right
after something else was written, when a process has nothing left that it could use again.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_migrate import upgrade

from bench.data import Prepared, prepare
from bench.databases import own_database
from bench.load import burst, request_bytes
from bench.memory import peak
from bench.serving import served
from bench.years import count_session, prepare_years, size_of
from integration import create_app
from integration.kernel.database import db
from integration.settings import Settings
from tools.setup.system import PYTHON, ROOT

LOOKS = 100
SCANS = 300
MOST_MILLISECONDS = 25
MOST_GROWTH = 1.3
MOST_SECONDS = 120
TEN_MILLION = 10_000_000
OPTIONS = "--only-growth --attendances 10000 1000000 10000000"


@dataclass(frozen=True)
class Grown:
    """One database at one size: milliseconds at the median, one client; seconds and MiB of counting again.

    ``after_scan`` and ``cold`` are of the dashboard too: right after a scan, and when nothing kept is true any more.
    """

    database: str
    attendances: int
    sessions: int
    dashboard: float
    after_scan: float
    cold: float
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
        prepared = prepare(app, SCANS + LOOKS)
        count_session(app, prepared.session_key)
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
            more = check_ins(prepared, SCANS, LOOKS)
            after_scan = _look_after(lambda: burst(server.port, [next(more)], clients=1), server.port, page)
            with _connected(fresh) as connection:
                cold = _look_after(lambda: _change_everything(connection), server.port, page)
        return Grown(
            *(name, attendances, size.sessions, looks.p50, after_scan, cold),
            *(scans.p50, seconds, memory),
        )


def _look_after(change: Callable[[], object], port: int, page: bytes) -> float:
    """Change something and look, again and again; milliseconds of the looks at the median."""
    looks = []
    for _number in range(LOOKS):
        change()
        looks.append(burst(port, [page], clients=1).p50)
    return statistics.median(looks)


@contextlib.contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _change_everything(connection: sa.Connection) -> None:
    """As if something of the programme and some figure had been written: processes tell it by these words."""
    connection.execute(sa.text("UPDATE versions SET value = :word"), {"word": uuid.uuid4().hex})


def _rebuild(url: str, secrets: Mapping[str, str]) -> tuple[float, float]:
    """Run the command as an operator would; seconds, and the most memory that it took in MiB."""
    env = {**os.environ, **secrets, "DATABASE_URL": url}
    began = time.perf_counter()
    process = subprocess.Popen([str(PYTHON), "-m", "flask", "--app", "app", "figures", "rebuild"], cwd=ROOT, env=env)
    held = 0.0
    while process.poll() is None:
        held = max(held, peak(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"figures rebuild ended with {process.returncode}")
    return time.perf_counter() - began, held


def print_growth(rows: Sequence[Grown]) -> None:
    """The table as people read it; growth is against the smallest size on the same database."""
    if not rows:
        return
    print(f"\n{'':<33}{'dashboard, ms and growth':^48}{'check-in':>19}{'rebuilding':>17}")
    print(f"{'database':<11}{'attendances':>12}{'sessions':>10}", end="")
    print(f"{'unchanged':>16}{'after a scan':>16}{'cold':>16}{'ms and growth':>19}{'s':>9}{'MiB':>8}")
    smallest = {row.database: row for row in sorted(rows, key=lambda row: -row.attendances)}
    for row in rows:
        first = smallest[row.database]
        print(f"{row.database:<11}{row.attendances:>12,}{row.sessions:>10,}", end="")
        for name in ("dashboard", "after_scan", "cold"):
            print(f"{getattr(row, name):>9.1f}{getattr(row, name) / getattr(first, name):>7.2f}", end="")
        print(f"{row.check_in:>12.2f}{row.check_in / first.check_in:>7.2f}{row.rebuilding:>9.1f}{row.memory:>8.0f}")
    print(
        f"goals: dashboard <= {MOST_MILLISECONDS} ms and growth <= {MOST_GROWTH}, check-in growth <= {MOST_GROWTH},"
        f" rebuild of ten million <= {MOST_SECONDS} s in flat memory"
    )
    if all(row.attendances < TEN_MILLION for row in rows):
        print(f"ten million attendances take a quarter of an hour and 6 GB: {PYTHON.name} -m bench {OPTIONS}")
