"""What every step of the set-up leans on: where things lie, how a program is started, how a step is remembered."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTANCE = ROOT / "instance"


class SetupError(Exception):
    """The set-up cannot go on; the message is one a person can act upon."""


def say(sentence: str) -> None:
    """Tell the person at the terminal what takes the time."""
    print(f"· {sentence}", flush=True)


def run(command: Iterable[object], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run a program to its end. Its output is shown only when it fails, as a SetupError."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        output = (done.stdout + done.stderr).strip()
        raise SetupError(f"{' '.join(words)}\nended with exit code {done.returncode}:\n{output}")


def works(*command: object) -> bool:
    """Whether the program is there and starts. A name on PATH may be a stub that only advertises a package."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def apt_install(*packages: str) -> bool:
    """Install system packages where that is ours to do (root on Debian or Ubuntu); False where it is not."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    say(f"Installing system packages: {', '.join(packages)}")
    # Unattended upgrades often hold the lock for minutes on a machine that was just started.
    patient = [apt, "-qq", "-o", "DPkg::Lock::Timeout=300"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*patient, "update"], env=env)
    run([*patient, "install", "-y", "--no-install-recommends", *packages], env=env)
    return True


def fingerprint(*inputs: Path | str) -> str:
    """A digest of all that a step depends on: files by content, the rest as text, and the Python."""
    digest = hashlib.sha256(repr(sys.version_info[:3]).encode())
    for each in inputs:
        digest.update(each.read_bytes() if isinstance(each, Path) else each.encode())
    return digest.hexdigest()


def is_done(step: str, mark: str) -> bool:
    """Whether the step was finished with these same inputs; forgotten together with the virtual environment."""
    stamp = VENV / "stamps" / step
    return stamp.is_file() and stamp.read_text() == mark


def remember(step: str, mark: str) -> None:
    """Note that the step is finished, so that the next start can pass it by."""
    stamp = VENV / "stamps" / step
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(mark)
