"""Two servers side by side, product and floor, each the production server with as many processes and threads."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.setup.serving import FEW_HEAPS, server_command
from tools.setup.system import ROOT


@dataclass(frozen=True)
class Served:
    """A running server: its port and the process that was started, whose children do the work."""

    port: int
    pid: int

    @property
    def memory(self) -> str:
        """Memory of its largest process in MiB: all it maps (RSS), and its share, common pages divided (PSS)."""
        pid = max((self.pid, *_children(self.pid)), key=lambda each: _mebibytes(each, "Rss"))
        return f"{_mebibytes(pid, 'Rss'):.0f} resident, {_mebibytes(pid, 'Pss'):.0f} its share"


@contextlib.contextmanager
def served(database_url: str, env: Mapping[str, str], application: str, ready: str) -> Iterator[Served]:
    """Serve an application on a free port of 127.0.0.1 until the block ends."""
    port = _free_port()
    command = server_command(database_url, port, application)
    own = {**os.environ, **FEW_HEAPS, **env, "DATABASE_URL": database_url}
    process = subprocess.Popen(command, cwd=ROOT, env=own)
    try:
        _wait_until_it_answers(port, ready, process)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _mebibytes(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")
