"""The server's command fits the database, and a taken port is said in words."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.setup.serving import ensure_port_is_free, is_sqlite
from tools.setup.system import ROOT, SetupError


@pytest.mark.parametrize(
    ("url", "expected"),
    [("", True), ("sqlite:///x.db", True), ("postgresql://db/delaktig", False)],
)
def test_an_empty_address_stands_for_the_embedded_database(url: str, expected: bool) -> None:
    assert is_sqlite(url) is expected


def test_a_taken_port_is_refused_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"PORT={port + 1} ./run"):
            ensure_port_is_free(port)


def test_when_one_process_ends_the_others_are_ended_and_its_code_is_told() -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    program = (
        "import sys; from tools.setup.serving import run_together; "
        f"sys.exit(run_together([{sleeper!r}, [sys.executable, '-c', 'raise SystemExit(3)']], {{}}))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=20).returncode == 3


def test_a_signal_reaches_every_process(tmp_path: Path) -> None:
    program = (
        "import sys; from tools.setup.serving import run_together; "
        "child = [sys.executable, '-c', 'import pathlib, os, time; "
        f'pathlib.Path("{tmp_path}", str(os.getpid())).touch(); time.sleep(60)\']; '
        "run_together([child, child], {})"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    deadline = time.monotonic() + 10
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.send_signal(signal.SIGTERM)
    parent.wait(10)
    children = [int(file.name) for file in tmp_path.iterdir()]
    assert len(children) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
