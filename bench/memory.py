"""How much memory a process has held at most."""

from __future__ import annotations

from pathlib import Path


def peak(process: int | str = "self") -> float:
    """The most MiB that a running process has held. What the system says of an ended one counts its parent's, too."""
    with Path(f"/proc/{process}/status").open(encoding="ascii") as status:
        return next((int(each.split()[1]) for each in status if each.startswith("VmHWM")), 0) / 1024
