"""Small figures (rule 10): the one place that decides what a page, file, chart or interface may show.

U, splits of visits, and everything of sensitive sessions print as "<5" from 1 to 4; what would give the hidden number
away is withheld (``secrecy``). Counts of ordinary sessions are event figures and print as they are: where a whole is
withheld because of its sensitive sessions, "at least" the ordinary ones are told. A real 0 prints as 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

SMALLEST = 5
"""From here on a number of people points at nobody."""


class Standing(StrEnum):
    """What a printed figure is; zero, not reported and not applicable look different everywhere (rule 4)."""

    VALUE = "value"
    ZERO = "zero"
    RUNNING = "running"
    AHEAD = "planned"
    MISSING = "missing"
    NA = "na"
    SUPPRESSED = "suppressed"
    """From 1 to 4: prints as "<5"."""
    WITHHELD = "withheld"
    """Not small itself, or too much is known around it to say that it is: it would give a small figure away."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that may be printed, or the reason why there is none."""

    value: int | None
    standing: Standing
    least: int | None = None
    """Of a withheld number: what its ordinary sessions alone come to, which everybody may know."""


SUPPRESSED = Cell(None, Standing.SUPPRESSED)
WITHHELD = Cell(None, Standing.WITHHELD)
HIDDEN = (Standing.SUPPRESSED, Standing.WITHHELD)
MISSING = Cell(None, Standing.MISSING)
NOTHING = Cell(None, Standing.NA)
AHEAD = Cell(None, Standing.AHEAD)


def is_small(value: int | None) -> bool:
    """Whether a number of people is so small that it is not shown."""
    return value is not None and 0 < value < SMALLEST


def cell(value: int | None, *, running: bool = False) -> Cell:
    """An event figure, as it is; what a running year does not have yet may still come."""
    if value is None:
        return AHEAD if running else MISSING
    if running:
        return Cell(value, Standing.RUNNING)
    return Cell(value, Standing.VALUE if value else Standing.ZERO)


def published(value: int | None, *, personal: bool, running: bool = False) -> Cell:
    """A figure as it may be shown; ``personal``: about persons, or of sensitive sessions."""
    return SUPPRESSED if personal and is_small(value) else cell(value, running=running)


def published_part(part: int | None, whole: int | None, *, running: bool = False) -> Cell:
    """A part of a whole that is itself shown: what is left over must not be small either."""
    if part is not None and whole is not None and (is_small(whole - part) or (is_small(part) and whole < SMALLEST)):
        return WITHHELD
    return published(part, personal=True, running=running)


def at_least(shown: Cell, ordinary: int | None) -> Cell:
    """A cell that, if it is withheld, tells what the ordinary sessions alone come to; "at least 0" tells nothing."""
    return replace(shown, least=ordinary) if shown.standing is Standing.WITHHELD and ordinary else shown


def unless_hidden(shown: Cell, standing: Standing | None) -> Cell:
    """A cell, or the reason why it is hidden; a value that is missing anyway says so."""
    return Cell(None, standing) if standing and (shown.value is not None or shown.standing in HIDDEN) else shown
