"""Calendar programs that the tests read feeds with: two in an environment of their own, one compiled here.

What cannot be had is no reason to run no tests at all: the tests that need it fail and say what to install.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup.system import ROOT, VENV, SetupError, apt_install, fingerprint, is_done, remember, run, say

CLIENTS = VENV / "calendar-clients"
KHAL, VDIRSYNCER, LIBICAL = (CLIENTS / "bin" / name for name in ("khal", "vdirsyncer", "read-with-libical"))
REQUIREMENTS = ROOT / "requirements-calendar-clients.txt"
SOURCE = ROOT / "tests" / "calendars" / "read_calendar.c"
NEEDED = ("gcc", "libc6-dev", "libical-dev")


def ensure_calendar_clients() -> None:
    """Install khal and vdirsyncer, pinned and apart from the product's packages, and compile the reader of libical."""
    mark = fingerprint(REQUIREMENTS)
    if not (KHAL.exists() and VDIRSYNCER.exists() and is_done("calendar-clients", mark)):
        say(f"Installing the Python packages of {REQUIREMENTS.name}")
        shutil.rmtree(CLIENTS, ignore_errors=True)
        _make_environment()
        remember("calendar-clients", mark)
    _ensure_libical()


def _make_environment() -> None:
    """A bare environment, filled by the pip of the product's: a second one would only take time."""
    run([sys.executable, "-m", "venv", "--without-pip", CLIENTS])
    python = CLIENTS / "bin" / "python"
    pip = [ROOT / ".venv" / "bin" / "python", "-m", "pip", "--python", python, "install", "--quiet"]
    run([*pip, "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS])


def _ensure_libical() -> None:
    """Compile the reader; install what that needs where it is ours to install."""
    mark = fingerprint(SOURCE)
    if LIBICAL.exists() and is_done("calendar-libical", mark):
        return
    if not _compiled(SOURCE, LIBICAL):
        try:
            apt_install(*NEEDED)
        except SetupError as problem:
            say(str(problem))
        if not _compiled(SOURCE, LIBICAL):
            say(f"Without libical a test will fail. Type: sudo apt-get install -y {' '.join(NEEDED)}")
            return
    remember("calendar-libical", mark)


def _compiled(source: Path, target: Path) -> bool:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return False
    target.unlink(missing_ok=True)
    command = [compiler, "-O1", str(source), "-o", str(target), "-lical"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
