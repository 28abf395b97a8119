"""The two secrets of an installation that was started without any in the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from tools.setup.system import INSTANCE, say

NAMES = ("SECRET_KEY", "CARD_KEY")


def ensure_keys(environ: Mapping[str, str], file: Path = INSTANCE / "secrets.env") -> dict[str, str]:
    """The secrets by name, made once and kept in a file that only its owner may read.

    What the environment sets wins. Cards are derived from CARD_KEY: with another one they stop working, so a
    key that was kept is never replaced.
    """
    kept = _read(file)
    missing = [name for name in NAMES if not environ.get(name) and name not in kept]
    if missing:
        say(f"Making {' and '.join(missing)}, kept in {file.relative_to(INSTANCE.parent)}")
        _append(file, {name: secrets.token_urlsafe(48) for name in missing})
        kept = _read(file)
    return {name: environ.get(name) or kept[name] for name in NAMES}


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _append(file: Path, values: Mapping[str, str]) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in values.items())
