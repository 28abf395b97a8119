"""The tree stands by itself: it names no machine, no place outside, and holds nothing that is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.reading import ROOT
from tests.architecture.test_imports import complain

MADE = {
    ".git",
    ".venv",
    ".chromium",
    "node_modules",
    "vendor",
    "fonts",
    "instance",
    "results",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
}
TEXTS = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".cjs",
    ".mjs",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".in",
    ".txt",
    ".json",
    ".cfg",
    "",
}
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|Users)/\w")
INDEX = re.compile(r"^\s*(?:--(?:extra-)?index-url|registry\s*=)|(?:files\.pythonhosted|registry\.npmjs)", re.MULTILINE)


def texts() -> Iterator[tuple[str, str]]:
    """Every text in the tree that somebody wrote: its place and itself."""
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and path.suffix in TEXTS and not MADE.intersection(path.relative_to(ROOT).parts):
            yield path.relative_to(ROOT).as_posix(), _text(path)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")


def test_no_file_names_somebodys_machine() -> None:
    problems = [f"{place}: {found.group()}" for place, text in texts() for found in SOMEBODYS_MACHINE.finditer(text)]
    complain(problems, "The tree runs wherever it is cloned: no path of one machine stands in it.")


def test_what_is_pinned_names_no_index() -> None:
    pinned = [(place, text) for place, text in texts() if place.startswith("requirements") or "lock" in place]
    problems = [place for place, text in pinned if INDEX.search(text)]
    complain(problems, "A lock says what and with which digest; where from is the machine's own choice.")


def test_every_reaction_and_panel_is_wired_in_one_place() -> None:
    text = (ROOT / "integration" / "wiring.py").read_text(encoding="utf-8")
    for table in ("REACTIONS", "PANELS", "NAVIGATION", "JOBS", "NIGHTLY", "COMMANDS", "BLUEPRINTS"):
        assert re.search(rf"^{table}\b", text, re.MULTILINE), f"wiring.py is where a newcomer looks for {table}."
