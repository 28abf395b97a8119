"""``make check``: every check that needs no running program; all are run, and the failing ones named at the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "lint": [str(PROGRAMS / "ruff"), "check", "."],
    "format": [str(PROGRAMS / "ruff"), "format", "--check", "."],
    "types": [str(PROGRAMS / "mypy")],
    "templates": [str(PROGRAMS / "djlint"), "--lint", "--quiet", "templates"],
    "translations": [sys.executable, "-m", "tools.check_catalogues"],
}


def main() -> int:
    """Run the checks in order; 1 when any of them failed."""
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    print(f"check: {', '.join(failed)} failed" if failed else "check: all passed")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    print(f"— {name}", flush=True)
    return subprocess.run(command, cwd=ROOT).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
