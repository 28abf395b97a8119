"""One year of a meter line or programme in full, as it may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from integration.indicators.rules.facts import SOURCES, Counted, percent, value_of
from integration.indicators.rules.small_figures import (
    AHEAD,
    HIDDEN,
    MISSING,
    NOTHING,
    WITHHELD,
    Cell,
    Standing,
    at_least,
    cell,
    is_small,
    published,
    published_part,
    unless_hidden,
)
from integration.programme.models import Measure


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of a meter line in full: the table under the pictures."""

    year: int
    running: bool
    held: Cell
    visits: Cell
    persons: Cell
    tied: Cell
    """The share of visits that could be tied to a card, in percent."""
    children: Cell
    partners: Cell
    support: Cell
    """The share of held sessions with language support, in percent."""
    sources: tuple[tuple[str, int], ...] | None
    """Visits by how they were counted; None where the parts would tell what is hidden."""


def year_row(
    year: int, found: Counted, today: date, *, council: bool, hidden: Mapping[str, Standing] = MappingProxyType({})
) -> YearRow:
    """Everything that may be shown of a year's sessions; the public sees splits of closed years only (rule 10).

    ``hidden``: the field of a row > why it may not be printed, beside what its own number tells of that.
    """
    running = year == today.year
    if not found.known:
        blank = AHEAD if year > today.year else MISSING
        return YearRow(year, running, *(blank,) * 7, sources=None)
    sums, sensitive = found.sums, found.sensitive

    def event(name: str, measure: Measure) -> Cell:
        shown = published(value_of(measure, "", found)[0], personal=found.secret, running=running)
        ordinary = value_of(measure, "", found.ordinary)[0] if found.ordinary else None
        return at_least(unless_hidden(shown, hidden.get(name)), ordinary)

    persons = unless_hidden(published(found.persons, personal=True, running=running), hidden.get("persons"))
    if found.persons is None and sensitive and not running:
        persons = NOTHING
    parts = [getattr(sums, name) for name in SOURCES]
    small = sensitive and any(map(is_small, (*parts, sums.identified, sums.visits - sums.identified)))
    mixed = small or persons.standing in HIDDEN or "sources" in hidden
    children = published_part(sums.children, sums.visits, running=running)
    support = WITHHELD if sensitive and is_small(sums.held) else _share(sums.supported, sums.held, running)
    return YearRow(
        year,
        running,
        held=event("held", Measure.HELD),
        visits=event("visits", Measure.VISITS),
        persons=persons,
        tied=WITHHELD if mixed else _tied(sums.identified, sums.visits, persons, running=running),
        children=unless_hidden(children, hidden.get("children")) if council or not running else AHEAD,
        partners=event("partners", Measure.PARTNERS),
        support=unless_hidden(support, hidden.get("support")),
        sources=None if mixed else tuple(zip(SOURCES, parts, strict=True)),
    )


def _tied(identified: int, visits: int, persons: Cell, *, running: bool) -> Cell:
    """Where nobody could be tied to a card, U is missing, and so is its share."""
    return persons if persons.value is None and not identified else _share(identified, visits, running)


def _share(part: int, whole: int, running: bool) -> Cell:
    share = percent(min(part, whole), whole)
    return NOTHING if share is None else cell(share, running=running)
