"""What is known about the sessions of one action and year, and what each measure makes of it (rule 2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import add
from typing import NamedTuple

from integration.indicators.rules.periods import distinct_months, distinct_weeks
from integration.programme.models import Measure


class Slice(NamedTuple):
    """What indicators can filter sessions by, and whether their figures are sensitive."""

    kind: str
    audience: str
    sensitive: bool


class Sums(NamedTuple):
    """Sessions counted once each, and visits by source (rule 3)."""

    sessions: int = 0
    held: int = 0
    supported: int = 0
    adults: int = 0
    children: int = 0
    scanned: int = 0
    listed: int = 0
    walk_in: int = 0
    self_marked: int = 0
    headcount: int = 0
    imported: int = 0
    identified: int = 0

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(*map(add, self, other))

    @property
    def visits(self) -> int:
        """V."""
        return self.adults + self.children


SOURCES = ("scanned", "listed", "walk_in", "self_marked", "headcount", "imported")


class Dated(NamedTuple):
    """When there were or will be sessions: held, missed (not held or cancelled) or still to come.

    Of folded sessions ``on`` is the first day of the week within its month: no measure asks for more.
    """

    of: Slice
    on: date
    held: bool
    coming: bool


@dataclass(slots=True)
class Facts:
    """All that the sessions of one action (or programme) and year tell."""

    sums: dict[Slice, Sums] = field(default_factory=dict)
    dates: set[Dated] = field(default_factory=set)
    groups: set[tuple[Slice, str]] = field(default_factory=set)
    """Those for whom a session was held."""
    partners: set[tuple[Slice, int]] = field(default_factory=set)
    persons: int | None = None
    """U; None while no month with sessions is closed (or, for staff, nobody was counted by card)."""

    def add(self, of: Slice, sums: Sums) -> None:
        """Count more sessions."""
        known = self.sums.get(of)
        self.sums[of] = known.plus(sums) if known else sums


@dataclass(frozen=True, slots=True)
class Counted:
    """The facts that one indicator asks for."""

    sums: Sums
    held_on: tuple[date, ...]
    missed_on: tuple[date, ...]
    coming_on: tuple[date, ...]
    groups: int
    partners: int
    persons: int | None
    sensitive: bool
    ordinary: Counted | None = None
    """The same without the sensitive sessions, where there are some."""

    @property
    def known(self) -> bool:
        """Whether there were or are sessions at all: without any, zero would be a guess (rule 4)."""
        return self.sums.sessions > 0

    @property
    def secret(self) -> bool:
        """Whether all the sessions are sensitive: then a small number is theirs, else ``hiding`` knows whose it is."""
        return self.sensitive and not (self.ordinary and self.ordinary.known)


def counted(
    facts: Facts, kinds: Collection[str] = (), audiences: Collection[str] = (), *, only_sensitive: bool = False
) -> Counted:
    """Narrow facts to these kinds and audiences of session; U has no such parts and stays whole."""

    def asked(of: Slice) -> bool:
        return (not kinds or of.kind in kinds) and (not audiences or of.audience in audiences)

    if only_sensitive:
        return _narrowed(facts, lambda of: asked(of) and of.sensitive)
    found = _narrowed(facts, asked)
    return (
        replace(found, ordinary=_narrowed(facts, lambda of: asked(of) and not of.sensitive))
        if found.sensitive
        else found
    )


def _narrowed(facts: Facts, asked: Callable[[Slice], bool]) -> Counted:
    chosen = {of: sums for of, sums in facts.sums.items() if asked(of)}
    dates = [each for each in facts.dates if asked(each.of)]
    return Counted(
        sums=_together(chosen.values()),
        held_on=_days(each.on for each in dates if each.held),
        missed_on=_days(each.on for each in dates if not each.held and not each.coming),
        coming_on=_days(each.on for each in dates if each.coming),
        groups=len({_group(name) for of, name in facts.groups if asked(of)}),
        partners=len({partner for of, partner in facts.partners if asked(of)}),
        persons=facts.persons,
        sensitive=any(of.sensitive for of in chosen),
    )


def value_of(measure: Measure, unit: str, found: Counted) -> tuple[int | None, int | None]:
    """The measure's value and, for a share in whole percent, what it is a share of.

    None: there is nothing that the value could be of (no session held, no closed month).
    """
    if measure is Measure.LANGUAGE_SUPPORT:
        held = found.sums.held
        if unit == "share":
            return (percent(found.sums.supported, held), held)
        return found.sums.supported, held
    values = {
        Measure.HELD: found.sums.held,
        Measure.VISITS: found.sums.visits,
        Measure.UNIQUE: found.persons,
        Measure.PARTNERS: found.partners,
        Measure.WEEKS: len(distinct_weeks(found.held_on)),
        Measure.MONTHS: len(distinct_months(found.held_on)),
        Measure.GROUPS: found.groups,
    }
    return values[measure], None


def percent(part: int, whole: int) -> int | None:
    """A share in whole percent, halves rounded up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def _together(parts: Iterable[Sums]) -> Sums:
    first, *more = list(parts) or [Sums()]
    return reduce(Sums.plus, more, first)


def _days(dates: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(dates)))


def _group(name: str) -> str:
    """Groups are told apart by their name as people mean it, not by its spelling."""
    return " ".join(name.casefold().split())
