"""Translations: the committed .po files are compiled to the .mo files that the program reads."""

from __future__ import annotations

from pathlib import Path

from tools.setup.system import ROOT, VENV, run, say

TRANSLATIONS = ROOT / "translations"


def ensure_catalogues() -> None:
    """Compile the catalogues when one of them is newer than what was compiled from it."""
    if any(_is_stale(source) for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        say("Compiling the translations")
        run([VENV / "bin" / "pybabel", "compile", "-d", TRANSLATIONS])


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
