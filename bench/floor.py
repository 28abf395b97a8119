"""The floor: what the same server and database do when a check-in has no rules, no audit and no domain.

Served like the product, by the same server with as many processes and threads: ``bench.floor:app``.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, request
from psycopg_pool import ConnectionPool

TOKEN = "floor"

app = Flask(__name__)
_lock = threading.Lock()
_local = threading.local()


def prepare(database_url: str) -> None:
    """Create the floor's two tables and its one device."""
    statements = [
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


_check_in = functools.cache(_connected)
"""Connected at the first check-in, in the process that serves it."""


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
