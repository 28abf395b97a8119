"""News of programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ProgrammeSucceeded:
    """A successor stands: what serves a former action serves, from ``starts_on``, the action that it goes on as."""

    programme_id: int
    actions: Mapping[int, int]
    """Former action's id > the id of the action that it goes on as."""
    ended: frozenset[int]
    """Former actions that nothing follows."""
    starts_on: date


@dataclass(frozen=True)
class AskedOtherwise:
    """What is asked of an indicator in these years is another than before: its target, or whether it applies at all."""

    indicator_id: int
    years: frozenset[int]
