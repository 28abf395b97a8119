"""Long matrices (pages x languages x schemes): a fixed sample in ./test, everything in ./test --all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")

EVERYTHING = bool(os.environ.get("DELAKTIG_ALL"))


def sample(cases: Iterable[Case], every: int) -> list[Case]:
    """Every so-manieth case, the same ones each time; all of them with ``./test --all``.

    Choose ``every`` prime to the lengths of the matrix, so that the sample walks through all its columns.
    """
    listed = list(cases)
    return listed if EVERYTHING else listed[::every]
