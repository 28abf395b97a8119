"""Two servers side by side, product and floor, each the production server with as many processes and threads."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping

from tools.setup.serving import server_command
from tools.setup.system import ROOT


@contextlib.contextmanager
def served(database_url: str, env: Mapping[str, str], application: str, ready: str) -> Iterator[int]:
    """Serve an application on a free port of 127.0.0.1 until the block ends; yields the port."""
    port = _free_port()
    command = server_command(database_url, port, application)
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env, "DATABASE_URL": database_url})
    try:
        _wait_until_it_answers(port, ready, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def resident_mebibytes(port: int) -> float:
    """Memory of the largest process that listens on this port, in MiB."""
    sizes = [_resident(pid) for pid in _pids_of(port)]
    return max(sizes, default=0.0)


def _pids_of(port: int) -> list[int]:
    found = subprocess.run(["pgrep", "-f", f":{port}"], capture_output=True, text=True, check=False).stdout.split()
    return [int(pid) for pid in found if int(pid) != os.getpid()]


def _resident(pid: int) -> float:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status") as lines:  # noqa: PTH123 - a kernel interface
        for line in lines:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_answers(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not answer within 15 seconds")
