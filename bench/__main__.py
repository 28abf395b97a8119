"""``make bench``: product and floor alternating on both databases, printed with goal and ratio, kept as JSON."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from flask_migrate import upgrade

from bench import floor
from bench.data import Prepared, prepare, prepare_feed
from bench.databases import databases
from bench.growth import Grown, grow, print_growth
from bench.history import ROWS, Imported, history_figures, print_history
from bench.load import Measured, burst, etag_of, request_bytes
from bench.scanner import Scanner, scanner_figures
from bench.serving import served
from bench.weight import Weight, first_load
from integration import create_app
from integration.registration.cards import derived_codes, qr_content
from integration.settings import Settings
from tools.setup.system import ROOT

RESULTS = ROOT / "bench" / "results"
SECRETS = {"SECRET_KEY": "s" * 32, "CARD_KEY": "c" * 32, "BASE_URL": "http://127.0.0.1:8000", "DEMO": "0"}

SCANNED_BY_CAMERA = 41


@dataclass(frozen=True)
class Row:
    """One line of the table: the product beside the floor, and what it should reach."""

    database: str
    what: str
    product: Measured
    floor: Measured
    goal: float

    @property
    def ratio(self) -> float:
        """The product's throughput in units of the floor's."""
        return self.product.per_second / self.floor.per_second


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=1500, help="check-ins in each of the rounds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--attendances", type=int, nargs="*", default=[10_000, 1_000_000], help="sizes to grow to")
    parser.add_argument("--history-rows", type=int, default=ROWS, help="rows of the spreadsheets to import; 0: none")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--only-growth", action="store_true")
    only.add_argument("--only-history", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    facts: dict[str, object] = {}
    grown: list[Grown] = []
    imported: list[Imported] = []
    with databases() as urls:
        for name, url in urls.items():
            if not options.only_history:
                grown += [grow(name, url, SECRETS, size, check_ins) for size in sorted(options.attendances)]
            if not options.only_growth and options.history_rows:
                imported += history_figures(name, url, SECRETS, options.history_rows)
            if not options.only_growth and not options.only_history:
                rows += measure(name, url, options.scans, options.rounds, facts)
    print_table(rows, facts)
    print_growth(grown)
    print_history(imported)
    keep(rows, facts, grown, imported)


def measure(name: str, url: str, scans: int, rounds: int, facts: dict[str, object]) -> list[Row]:
    """All measurements on one database."""
    app = create_app(Settings.from_environment({**SECRETS, "DATABASE_URL": url}))
    with app.app_context():
        upgrade()
    prepared = prepare(app, scans * rounds + SCANNED_BY_CAMERA)
    feed = prepare_feed(app, floor.EVENTS)
    floor.prepare(url)
    page = f"/sv/sessions/{prepared.session_key}"
    with (
        served(url, SECRETS, "app:app", "/healthz") as served_product,
        served(url, SECRETS, "bench.floor:app", "/floor/json") as served_floor,
    ):
        product, base = served_product.port, served_floor.port
        check_in = alternate(
            rounds,
            lambda n: burst(product, check_ins(prepared, n * scans, scans)),
            lambda n: burst(base, floor_check_ins(scans)),
        )
        session_page = alternate(
            rounds,
            lambda _n: burst(product, [request_bytes("GET", page, {"Accept-Encoding": "gzip"})] * scans),
            lambda _n: burst(base, [request_bytes("GET", "/floor/json")] * scans * 3),
        )
        whole_feed = alternate(
            rounds,
            lambda _n: burst(product, [request_bytes("GET", feed)] * (scans // 10), clients=1),
            lambda _n: burst(base, [request_bytes("GET", "/floor/feed")] * (scans // 10), clients=1),
        )
        kept, floor_kept = {"If-None-Match": etag_of(product, feed)}, {"If-None-Match": floor.ETAG}
        unchanged = alternate(
            rounds,
            lambda _n: burst(product, [request_bytes("GET", feed, kept)] * scans * 2),
            lambda _n: burst(base, [request_bytes("GET", "/floor/not-modified", floor_kept)] * scans * 2),
        )
        facts[f"{name}: memory of a worker, MiB (goal <= 110)"] = served_product.memory
        if name == "SQLite":
            facts["first load"] = first_load(f"http://127.0.0.1:{product}{page}")
            unused = range(scans * rounds + 1, scans * rounds + SCANNED_BY_CAMERA)
            cards = [
                qr_content(SECRETS["BASE_URL"], derived_codes(SECRETS["CARD_KEY"], n, 1).pass_code) for n in unused
            ]
            facts["scanner"] = scanner_figures(
                f"http://127.0.0.1:{product}", prepared.session_key, prepared.token, cards
            )
    return [
        Row(name, "check-in, 8 clients", *check_in, goal=0.65),
        Row(name, "session page, 8 clients", *session_page, goal=0.25),
        Row(name, "feed of 500, 1 client", *whole_feed, goal=0.5),
        Row(name, "feed unchanged, 8 clients", *unchanged, goal=0.7),
    ]


def qr_of(card: int) -> str:
    """What the QR of this card says; the first issue of a card, as the data has them."""
    return qr_content(SECRETS["BASE_URL"], derived_codes(SECRETS["CARD_KEY"], card, 1).pass_code)


def check_ins(prepared: Prepared, first: int, count: int) -> Iterator[bytes]:
    """Each of the next cards once, through the real endpoint with the door's token."""
    headers = {"Authorization": f"Bearer {prepared.token}", "Content-Type": "application/json"}
    scanned_at = datetime.now(UTC).isoformat()
    for digest in prepared.digests[first : first + count]:
        scan = {"id": str(uuid.uuid4()), "digest": digest, "adults": 2, "children": 1, "scanned_at": scanned_at}
        yield request_bytes("POST", "/api/v1/door/scans", headers, json.dumps([scan]).encode())


def floor_check_ins(count: int) -> Iterator[bytes]:
    """The same number of check-ins without any rule."""
    headers = {"Authorization": f"Bearer {floor.TOKEN}", "Content-Type": "application/json"}
    for _number in range(count):
        yield request_bytes("POST", "/floor/check-in", headers, json.dumps([{"id": str(uuid.uuid4())}]).encode())


def alternate(
    rounds: int, product: Callable[[int], Measured], base: Callable[[int], Measured]
) -> tuple[Measured, Measured]:
    """Product and floor in turn, so that a busy moment of the machine strikes both; the median round of each."""
    pairs = [(product(number), base(number)) for number in range(rounds)]
    return _median([pair[0] for pair in pairs]), _median([pair[1] for pair in pairs])


def _median(rounds: list[Measured]) -> Measured:
    for each in rounds:
        if any(status >= 400 for status in each.statuses):
            raise RuntimeError(f"requests failed: {each.statuses}")
    middle = statistics.median_low([each.per_second for each in rounds])
    return next(each for each in rounds if each.per_second == middle)


def print_table(rows: list[Row], facts: dict[str, object]) -> None:
    """The table as people read it."""
    if not rows:
        return
    print(f"\n{'database':<11}{'what':<26}{'product/s':>10}{'p50 ms':>8}{'p99 ms':>8}", end="")
    print(f"{'floor/s':>10}{'p50 ms':>8}{'p99 ms':>8}{'ratio':>8}{'goal':>8}")
    for row in rows:
        print(f"{row.database:<11}{row.what:<26}{_figures(row.product)}{_figures(row.floor)}", end="")
        print(f"{row.ratio:>8.2f}{'>= ' + str(row.goal):>8}  {'reached' if row.ratio >= row.goal else 'not reached'}")
    for name, value in facts.items():
        print(f"{name}: {_words(value)}")


def _figures(measured: Measured) -> str:
    return f"{measured.per_second:>10.0f}{measured.p50:>8.1f}{measured.p99:>8.1f}"


def _words(value: object) -> str:
    if isinstance(value, Scanner):
        return (
            f"first card read {value.first_read_slow:.0f} ms after opening on slow 3G and 4 x CPU (goal <= 3000), "
            f"{value.first_read_offline:.0f} ms installed and offline (goal <= 1000); card to verdict "
            f"{value.verdict_online:.0f} ms online (goal <= 100), {value.verdict_offline:.0f} ms offline (goal <= 50)"
        )
    if isinstance(value, Weight):
        return (
            f"{value.kilobytes:.1f} kB (goal <= 30) in {value.requests} requests (goal <= 5); slow 3G and 4 x CPU: "
            f"largest paint {value.largest_paint:.0f} ms (goal <= 1500), ready {value.ready:.0f} ms (goal <= 2000)"
        )
    return str(value)


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, Weight | Scanner) else value


def keep(rows: list[Row], facts: dict[str, object], grown: list[Grown], imported: list[Imported]) -> None:
    """Write the run to bench/results, named by its moment."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    document = {
        "at": now.isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "rows": [{**asdict(row), "ratio": round(row.ratio, 3)} for row in rows],
        "growth": [asdict(row) for row in grown],
        "history": [asdict(row) for row in imported],
        "facts": {
            name: asdict(value) if isinstance(value, (Weight, Scanner)) else value for name, value in facts.items()
        },
    }
    (RESULTS / f"{now:%Y%m%dT%H%M%S}.json").write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
