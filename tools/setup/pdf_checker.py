"""A checker of PDF/UA-1 by others, in an environment of its own: it brings libraries that the product does not need."""

from __future__ import annotations

import shutil
import sys

from tools.setup.system import ROOT, VENV, SetupError, fingerprint, is_done, remember, run, say

CHECKER = VENV / "pdf-checker"
OUTLOUD = CHECKER / "bin" / "outloud"
REQUIREMENTS = ROOT / "requirements-pdf-checker.txt"


def ensure_pdf_checker() -> None:
    """Install it, pinned; where that cannot be, the tests that need it fail and say so, and all others run."""
    mark = fingerprint(REQUIREMENTS)
    if OUTLOUD.exists() and is_done("pdf-checker", mark):
        return
    say(f"Installing the Python packages of {REQUIREMENTS.name}")
    shutil.rmtree(CHECKER, ignore_errors=True)
    try:
        run([sys.executable, "-m", "venv", "--without-pip", CHECKER])
        pip = [ROOT / ".venv" / "bin" / "python", "-m", "pip", "--python", CHECKER / "bin" / "python", "install"]
        # Compiling 6 MB of Python that is mostly never imported would take longer than the whole check.
        run([*pip, "--quiet", "--disable-pip-version-check", "--no-compile", "--require-hashes", "-r", REQUIREMENTS])
    except SetupError as problem:
        say(str(problem))
        return
    remember("pdf-checker", mark)
