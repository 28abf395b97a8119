"""The virtual environment and the pinned packages in it."""

from __future__ import annotations

import importlib.util
import shutil
import sys

from tools.setup.system import (
    PYTHON,
    ROOT,
    VENV,
    SetupError,
    apt_install,
    fingerprint,
    is_done,
    remember,
    run,
    say,
    works,
)

RUNTIME = "requirements.txt"
TESTS = "requirements-test.txt"
NODE = "requirements-node.txt"


def ensure_environment() -> None:
    """Make .venv unless a working one is there.

    Debian's Python without ensurepip leaves a folder that looks like an environment but has no pip; such a
    half-made one is deleted, or every later start would stumble over it.
    """
    if PYTHON.exists() and (VENV / "stamps").is_dir():
        return
    if works(PYTHON, "-m", "pip", "--version"):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    say("Making the virtual environment .venv")
    _create()


def ensure_packages(requirements: str) -> None:
    """Install a pinned file of requirements, with hashes, unless it is installed as it stands."""
    mark = _mark(requirements)
    if is_done(requirements, mark):
        return
    say(f"Installing the Python packages of {requirements}")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([*pip, "-r", ROOT / requirements])
    remember(requirements, mark)
    if requirements == TESTS:  # a superset: the product's packages are there as well
        remember(RUNTIME, _mark(RUNTIME))


def _mark(requirements: str) -> str:
    return fingerprint(ROOT / requirements)


def _create() -> None:
    """Try the ways to make an environment from the plainest to the one that changes the system."""
    package = f"python3.{sys.version_info.minor}-venv"
    if _has_ensurepip():
        run([sys.executable, "-m", "venv", VENV])
    elif shutil.which("uv"):
        run(["uv", "venv", "--seed", "--python", sys.executable, VENV])
    elif works(sys.executable, "-m", "virtualenv", "--version"):
        run([sys.executable, "-m", "virtualenv", VENV])
    elif apt_install(package):
        run([sys.executable, "-m", "venv", VENV])
    else:
        raise SetupError(
            f"This Python cannot make virtual environments. Type\n\n    sudo apt-get install -y {package}\n\n"
            "and run the command again."
        )


def _has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None
