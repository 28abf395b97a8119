"""The production server: its command for each kind of database, and the processes beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from tools.setup.system import PYTHON, ROOT, SetupError

FEW_HEAPS = {"MALLOC_ARENA_MAX": "2"}
"""For the environment of a server: glibc makes heaps for its threads, up to eight for each core, and each holds on to
what it once had. With two nothing measurable gets slower, and a worker has four MiB less."""


def server_command(database_url: str, port: int, application: str = "app:app") -> list[str]:
    """The words that start the production server on 127.0.0.1; the benchmarks serve other applications by it too.

    SQLite lets one writer in at a time: several processes wait for each other's file lock (p99 times thirty),
    the threads of one process queue in memory and share their wait for the disk. PostgreSQL serves several
    processes as fast as there are cores. More threads than these only wait for one another (decision 0011).
    """
    workers, threads = (1, 4) if is_sqlite(database_url) else (2, 2)
    return [
        *(str(PYTHON), "-m", "granian", application, "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--backpressure", "256"),
        *("--workers-kill-timeout", "10", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    """The words that start the outbox and the timed jobs as a process of their own."""
    return [str(PYTHON), "-m", "flask", "--app", "app", "work"]


def is_sqlite(database_url: str) -> bool:
    """Whether the embedded database is meant; it is what an empty setting stands for."""
    return not database_url or database_url.startswith("sqlite")


def ensure_port_is_free(port: int) -> None:
    """Refuse before the set-up's work, in words; the server would only retry and give up."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise SetupError(f"Port {port} is in use. Choose another one:\n\n    PORT={port + 1} ./run") from problem


def serve(env: Mapping[str, str]) -> int:
    """Serve until stopped; on SQLite this process becomes the server and never returns."""
    database_url, port = env.get("DATABASE_URL", ""), int(env["PORT"])
    command = server_command(database_url, port)
    os.chdir(ROOT)
    if is_sqlite(database_url):
        os.execve(command[0], command, {**FEW_HEAPS, **env})
    return run_together([command, worker_command()], {**FEW_HEAPS, **env})


def run_together(commands: Sequence[Sequence[str]], env: Mapping[str, str]) -> int:
    """Run several processes as one: told to stop, all are stopped, and when one ends the others are ended.

    Returns the exit code of the one that ended first.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    children = [subprocess.Popen(command, cwd=ROOT, env=dict(env)) for command in commands]
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        return next(child.returncode for child in children if child.returncode is not None)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
