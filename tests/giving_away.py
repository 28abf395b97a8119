"""An outsider with a solver: everything that was printed becomes equations, and a hidden number is asked after.

Shares nothing with the product's own rules of hiding: it knows only how the figures hang together. Visits, children and
sessions are sums over sorts of sessions; U is at most the sum of the parts that cover it and at least each part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import highspy

MOST = 60
"""No number in these histories is larger."""
LEAST = "at least "
"""Before what the ordinary sessions alone come to."""
LOCKED = "locked "
"""Before the name of a figure that is final."""
_NOW = re.compile(r"now (?P<now>.*), reported (?P<reported>.*)")


class Sort(NamedTuple):
    """Sessions that no printed figure tells apart."""

    actions: frozenset[int]
    kind: str
    sensitive: bool


class Place(NamedTuple):
    """What one figure counts: an action's sessions (0: the programme's), of one kind or of all."""

    action: int
    kind: str = ""

    def counts(self, sort: Sort) -> bool:
        """Whether sessions of this sort are among them."""
        return (not self.action or self.action in sort.actions) and self.kind in ("", sort.kind)


@dataclass
class Seen:
    """All that was printed at one moment."""

    sorts: tuple[Sort, ...]
    cells: dict[tuple[str, Place], str] = field(default_factory=dict)
    """(visits, held, children, persons, tied or scanned; where) > the text."""
    ordinary: dict[Sort, int] = field(default_factory=dict)
    """Visits of the ordinary sessions of a sort, added up from the list of sessions."""
    locked: set[tuple[str, Place]] = field(default_factory=set)
    """The figures that are final: they are of the moment at which they were first seen to be."""

    def add_result(self, name: str, place: Place, text: str) -> None:
        """Keep an indicator's figure: what was locked is another number than what the sessions come to now."""
        if (name, place) not in self.locked:
            self.add(name, place, text)
            return
        beside = _NOW.fullmatch(text)
        if beside:
            self.add(name, place, beside["now"])
        self.add(LOCKED + name, place, beside["reported"] if beside else text)

    def add(self, name: str, place: Place, text: str) -> None:
        """Keep a cell; two surfaces that print different things are a mistake of their own."""
        text = text.replace("\xa0", "").replace("%", "").replace(",", "").strip()
        text = text if text.isdigit() or text in ("<5", "not shown") or text.startswith(LEAST) else "nothing"
        known = self.cells.setdefault((name, place), text)
        assert known == text, f"{name} of {place}: {known} here, {text} there"


class Between(Enum):
    """What the outsider knows of the time between two looks."""

    NOTHING = "nothing happened"
    MORE = "people only came"
    ANYTHING = "some were taken back"


def given_away(seen: Sequence[Seen], knows: Between = Between.MORE) -> list[str]:
    """Every "<5" that cannot be both 1 and 4."""
    found = []
    for moment, each in enumerate(seen):
        for (name, place), text in each.cells.items():
            if text != "<5":
                continue
            for guess in (1, 4):
                if not _possible(seen, knows, moment, name, place, guess):
                    found.append(f"{name} of {place} cannot be {guess} at moment {moment}")
    return found


def _possible(seen: Sequence[Seen], knows: Between, moment: int, name: str, place: Place, guess: int) -> bool:
    model = _Model()
    numbers = [_numbers(model, each) for each in seen]
    for before, after, first in zip(numbers, numbers[1:], seen, strict=False):
        if knows is not Between.ANYTHING:
            _later(model, before, after, first, unchanged=knows is Between.NOTHING)
    for each in seen:
        for locked, where in each.cells:
            if locked.startswith(LOCKED):
                then = _locked_at(seen, locked, where)
                _cell(model, numbers[then], seen[then], locked.removeprefix(LOCKED), where, each.cells[locked, where])
    at = _locked_at(seen, name, place) if name.startswith(LOCKED) else moment
    model.equal(numbers[at].of(name.removeprefix(LOCKED), place, seen[at]), guess)
    return model.is_possible()


def _locked_at(seen: Sequence[Seen], name: str, place: Place) -> int:
    """At which moment a figure was first seen to be final: it is a number of that moment."""
    return next(moment for moment, each in enumerate(seen) if (name, place) in each.cells)


class _Model:
    """Whole numbers and what is known about them."""

    def __init__(self) -> None:
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)

    def number(self) -> Any:
        return self.solver.addIntegral(0, MOST)

    def hold(self, constraint: Any) -> None:
        self.solver.addConstr(constraint)

    def equal(self, terms: Sequence[Any], value: int) -> None:
        if terms:
            self.hold(sum(terms[1:], terms[0] + 0) == value)
        else:
            assert value == 0, f"{value} of nothing"

    def is_possible(self) -> bool:
        self.solver.run()
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)


@dataclass
class _Numbers:
    """The unknowns of one moment."""

    sums: Mapping[str, Mapping[Sort, Any]]
    persons: Mapping[int, Any]

    def of(self, name: str, place: Place, seen: Seen) -> list[Any]:
        """The unknowns that a cell is the sum of."""
        if name == "persons":
            return [self.persons[place.action]] if place.action in self.persons else []
        return [self.sums[name][sort] for sort in seen.sorts if place.counts(sort)]


def _numbers(model: _Model, seen: Seen) -> _Numbers:
    names = ("visits", "held", "children", "scanned")
    sums = {name: {sort: model.number() for sort in seen.sorts} for name in names}
    actions = sorted(frozenset().union(*(sort.actions for sort in seen.sorts)))
    numbers = _Numbers(sums, {place: model.number() for place in (0, *actions)})
    for sort in seen.sorts:
        model.hold(sums["children"][sort] <= sums["visits"][sort])
        model.hold(sums["scanned"][sort] <= sums["visits"][sort])
        if sort.sensitive:
            model.hold(sums["scanned"][sort] + 0 == 0)  # such sessions take no cards
        model.hold(sums["visits"][sort] <= MOST * sums["held"][sort])
        if sort in seen.ordinary:
            model.hold(sums["visits"][sort] + 0 == seen.ordinary[sort])
    _persons(model, numbers, seen, actions)
    for (name, place), text in seen.cells.items():
        if name.startswith(LOCKED):
            continue  # of its own moment
        _cell(model, numbers, seen, name, place, text)
    return numbers


def _persons(model: _Model, numbers: _Numbers, seen: Seen, actions: Iterable[int]) -> None:
    of = {place: {sort for sort in seen.sorts if Place(place).counts(sort)} for place in (0, *actions)}
    for place, sorts in of.items():
        carded = [numbers.sums["scanned"][sort] for sort in sorts]
        if carded:
            model.hold(numbers.persons[place] <= sum(carded[1:], carded[0] + 0))
            model.hold(sum(carded[1:], carded[0] + 0) <= MOST * numbers.persons[place])
        others = [other for other in of if other not in (0, place)]
        if others and sorts <= set().union(*(of[other] for other in others)):
            model.hold(numbers.persons[place] <= _total(numbers, others))
        for other in others:
            if of[other] <= sorts:
                model.hold(numbers.persons[other] <= numbers.persons[place])


def _total(numbers: _Numbers, places: Sequence[int]) -> Any:
    return sum((numbers.persons[each] for each in places[1:]), numbers.persons[places[0]] + 0)


def _cell(model: _Model, numbers: _Numbers, seen: Seen, name: str, place: Place, text: str) -> None:
    if name == "tied":
        visits = seen.cells.get(("visits", place), "")
        if text.isdigit() and visits.isdigit():
            share, whole = int(text), int(visits)
            terms = numbers.of("scanned", place, seen)
            carded = sum(terms[1:], terms[0] + 0)
            model.hold(200 * carded >= 2 * whole * share - whole)
            model.hold(200 * carded <= 2 * whole * (share + 1) - whole - 1)
        return
    if text.startswith(LEAST):  # an outsider knows that these are all the ordinary ones, and that there are more
        ordinary = [numbers.sums[name][sort] for sort in seen.sorts if place.counts(sort) and not sort.sensitive]
        model.equal(ordinary, int(text.removeprefix(LEAST)))
        return
    if text == "nothing" or text == "not shown":
        return
    terms = numbers.of(name, place, seen)
    if text.isdigit():
        model.equal(terms, int(text))
    else:
        model.hold(sum(terms[1:], terms[0] + 0) >= 1)
        model.hold(sum(terms[1:], terms[0] + 0) <= 4)


def _later(model: _Model, before: _Numbers, after: _Numbers, seen: Seen, *, unchanged: bool) -> None:
    """From one moment to the next numbers only grow, and nobody is new to a whole who is new to none of its parts."""
    pairs = [(numbers[sort], after.sums[name][sort]) for name, numbers in before.sums.items() for sort in seen.sorts]
    pairs += [(before.persons[place], after.persons[place]) for place in before.persons]
    for early, late in pairs:
        model.hold(early == late if unchanged else early <= late)
    actions = [place for place in before.persons if place]
    new = after.persons[0] - before.persons[0]
    model.hold(new <= _total(after, actions) - _total(before, actions))
