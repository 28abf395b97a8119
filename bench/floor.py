"""The floor: what the same server and database do when a check-in has no rules, no audit and no domain.

Served like the product, by the same server with as many processes and threads: ``bench.floor:app``.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, jsonify, request
from psycopg_pool import ConnectionPool

TOKEN = "floor"
FEED = "all"
ETAG = '"floor-1"'
EVENTS = 500
DESCRIPTION = (
    "Vi dricker te och berättar; alla är välkomna, också barn.\n\nFråga: Ledaren, 06 000 0000\n\nSpråk: svenska"
)

app = Flask(__name__)
_lock = threading.Lock()
_local = threading.local()


def prepare(database_url: str) -> None:
    """Create the floor's two tables and its one device."""
    statements = [
        "CREATE TABLE IF NOT EXISTS floor_versions (feed VARCHAR(40) PRIMARY KEY, version INTEGER NOT NULL)",
        "DELETE FROM floor_versions",
        f"INSERT INTO floor_versions VALUES ('{FEED}', 1)",
        "CREATE TABLE IF NOT EXISTS floor_devices (token VARCHAR(40) PRIMARY KEY, id INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS floor_scans (id VARCHAR(36) PRIMARY KEY, device INTEGER NOT NULL)",
        "DELETE FROM floor_devices",
        f"INSERT INTO floor_devices VALUES ('{TOKEN}', 1)",
    ]
    if database_url.startswith("sqlite"):
        connection = _open_sqlite(database_url)
        for statement in statements:
            connection.execute(statement)
        connection.close()
        return
    with _pool(database_url) as pool, pool.connection() as connection:
        for statement in statements:
            connection.execute(statement)


def _open_sqlite(database_url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=15)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _pool(database_url: str) -> ConnectionPool[Any]:
    return ConnectionPool(database_url.replace("+psycopg", ""), min_size=1, max_size=8)


def _sqlite_version(database_url: str) -> Callable[[str], int]:
    def version(feed: str) -> int:
        if not hasattr(_local, "connection"):
            _local.connection = _open_sqlite(database_url)
        row = _local.connection.execute("SELECT version FROM floor_versions WHERE feed = ?", (feed,)).fetchone()
        return int(row[0])

    return version


def _postgresql_version(database_url: str) -> Callable[[str], int]:
    pool = _pool(database_url)

    def version(feed: str) -> int:
        with pool.connection() as connection:
            row = connection.execute("SELECT version FROM floor_versions WHERE feed = %s", (feed,)).fetchone()
            return int(row[0]) if row else 0

    return version


def _sqlite_check_in(database_url: str) -> Callable[[str, str], bool]:
    def check_in(token: str, scan: str) -> bool:
        if not hasattr(_local, "connection"):
            _local.connection = _open_sqlite(database_url)
        with _lock:
            _local.connection.execute("BEGIN IMMEDIATE")
            device = _local.connection.execute("SELECT id FROM floor_devices WHERE token = ?", (token,)).fetchone()
            statement = "INSERT INTO floor_scans VALUES (?, ?) ON CONFLICT DO NOTHING"
            new = _local.connection.execute(statement, (scan, device[0])).rowcount
            _local.connection.execute("COMMIT")
        return bool(new)

    return check_in


def _postgresql_check_in(database_url: str) -> Callable[[str, str], bool]:
    pool = _pool(database_url)

    def check_in(token: str, scan: str) -> bool:
        with pool.connection() as connection:
            device = connection.execute("SELECT id FROM floor_devices WHERE token = %s", (token,)).fetchone()
            statement = "INSERT INTO floor_scans VALUES (%s, %s) ON CONFLICT DO NOTHING"
            return bool(connection.execute(statement, (scan, device[0] if device else 0)).rowcount)

    return check_in


def _connected() -> Callable[[str, str], bool]:
    database_url = os.environ["DATABASE_URL"]
    return (_sqlite_check_in if database_url.startswith("sqlite") else _postgresql_check_in)(database_url)


def _versions_connected() -> Callable[[str], int]:
    database_url = os.environ["DATABASE_URL"]
    return (_sqlite_version if database_url.startswith("sqlite") else _postgresql_version)(database_url)


_check_in = functools.cache(_connected)
"""Connected at the first check-in, in the process that serves it."""
_version = functools.cache(_versions_connected)


@app.post("/floor/check-in")
def check_in() -> Response:
    """Token lookup, insert under a unique constraint, durable commit, JSON."""
    scans: list[dict[str, str]] = request.get_json()
    token = request.headers["Authorization"].removeprefix("Bearer ")
    return jsonify([{"id": scan["id"], "new": _check_in()(token, scan["id"])} for scan in scans])


@app.get("/floor/json")
def answer() -> Response:
    """Bare Flask JSON."""
    return jsonify(status="ok")


@app.get("/floor/not-modified")
def not_modified() -> Response:
    """One lookup, and 304 where the reader has it."""
    tag = f'"floor-{_version()(FEED)}"'
    return Response(status=304 if request.headers.get("If-None-Match") == tag else 200, headers={"ETag": tag})


@app.get("/floor/feed")
def feed() -> Response:
    """Plain lines: as many events as the product's feed has, written anew from memory, neither folded nor looked up."""
    now = datetime.now(UTC)
    events = [_event(number, now) for number in range(EVENTS)]
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//floor//", *events, "END:VCALENDAR", ""])
    return Response(text, content_type="text/calendar; charset=utf-8")


def _event(number: int, now: datetime) -> str:
    start = now + timedelta(hours=number)
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{number}@floor",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{start + timedelta(hours=3):%Y%m%dT%H%M%SZ}",
            f"SEQUENCE:{number % 3}",
            "STATUS:CONFIRMED",
            f"SUMMARY:{_escaped('Kulturkafé; te, berättelser')}",
            f"LOCATION:{_escaped('Huset, Storgatan 1')}",
            f"DESCRIPTION:{_escaped(DESCRIPTION)}",
            f"URL:http://127.0.0.1/sv/sessions/{number}",
            "END:VEVENT",
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
