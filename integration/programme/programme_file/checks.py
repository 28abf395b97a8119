"""What a schema cannot say: names that must be known or unique, years inside years, targets that fit their measure.

The checks meet files that the schema has refused already, so they look only at parts of the right shape: all errors
are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from integration.programme.errors import FileError
from integration.programme.models import Measure, TargetPeriod
from integration.programme.programme_file.lines import Path, Source
from integration.programme.rules import AGGREGATIONS, PERIODS_IN_YEAR, UNITS, target_periods

Advice = Iterator[tuple[Path, str]]
Years = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """A mapping of the file and the way to it; everything asked of it may be absent or of another shape."""

    data: dict[str, Any]
    path: Path

    def each(self, key: str) -> Iterator[Part]:
        """The mappings in the list of this name."""
        items = self.data.get(key)
        for place, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield Part(item, (*self.path, key, place))

    def inner(self, key: str) -> Part:
        """The mapping of this name, empty when there is none."""
        value = self.data.get(key)
        return Part(value if isinstance(value, dict) else {}, (*self.path, key))

    def word(self, key: str) -> str | None:
        """The text of this name."""
        value = self.data.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> int | None:
        """The whole number of this name."""
        value = self.data.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def years(self) -> Years | None:
        """First and last year, when they are two numbers."""
        match self.data.get("years"):
            case [int(first), int(last)]:
                return first, last
        return None


def rule_errors(source: Source) -> list[FileError]:
    """Every breach of the rules that bind the parts of a programme to one another."""
    if not isinstance(source.data, dict):
        return []
    programme = Part(source.data, ())
    advice = [*_unique_names(programme), *_years_in_order(programme), *_actions(programme)]
    return [source.error(path, text) for path, text in advice]


def _tree(programme: Part, *levels: str) -> Iterator[Part]:
    """Every part at the end of these levels of lists."""
    parts = [programme]
    for level in levels:
        parts = [inner for part in parts for inner in part.each(level)]
    return iter(parts)


ACTIONS = ("domains", "goals", "actions")
LINES = (*ACTIONS, "lines")
INDICATORS = (*LINES, "indicators")
NAMES = (
    (("organisations",), "slug"),
    (("domains",), "slug"),
    (("domains", "goals"), "slug"),
    (ACTIONS, "slug"),
    (ACTIONS, "number"),
    (LINES, "slug"),
    (LINES, "label"),
    (INDICATORS, "slug"),
)


def _unique_names(programme: Part) -> Advice:
    for levels, key in NAMES:
        seen = set()
        for part in _tree(programme, *levels):
            name = part.word(key) or part.number(key)
            if name in seen:
                yield (*part.path, key), f"write another {key}: {name} is used already among the {levels[-1]}"
            if name is not None:
                seen.add(name)


def _years_in_order(programme: Part) -> Advice:
    outer = programme.years()
    for part in (programme, *_tree(programme, *ACTIONS), *_tree(programme, *INDICATORS)):
        years = part.years()
        if years and years[0] > years[1]:
            yield (*part.path, "years"), "write the first year before the last"
        elif years and outer and not outer[0] <= years[0] <= years[1] <= outer[1]:
            yield (*part.path, "years"), f"write years from {outer[0]} to {outer[1]}: the programme has no others"


def _actions(programme: Part) -> Advice:
    organisations = {part.word("slug") for part in programme.each("organisations")}
    for action in _tree(programme, *ACTIONS):
        for key in ("responsible", "partners"):
            yield from _parties(action, key, organisations)
        for line in action.each("lines"):
            yield from _line(line, action)
            for indicator in line.each("indicators"):
                yield from _indicator(indicator, indicator.years() or action.years(), programme.years())


def _parties(action: Part, key: str, organisations: set[str | None]) -> Advice:
    listed = action.data.get(key)
    seen = set()
    for place, item in enumerate(listed if isinstance(listed, list) else []):
        path = (*action.path, key, place)
        party = Part(item, path) if isinstance(item, dict) else Part({"organisation": item}, path)
        slug, begins, ends = (party.word(name) for name in ("organisation", "from", "until"))
        if slug and slug not in organisations:
            yield path, f"add {slug} to the organisations at the top, or write one that is there"
        if begins and ends and begins > ends:
            yield path, "write a from that is not after until"
        if (slug, begins) in seen:
            yield path, f"list {slug} once, or with another from"
        seen.add((slug, begins))


def _line(line: Part, action: Part) -> Advice:
    label, number = line.word("label"), action.number("number")
    if label and number and label.rstrip("abcdefghijklmnopqrstuvwxyz") != str(number):
        yield (*line.path, "label"), f"begin the label with the action's number, {number}"
    first = next(line.each("indicators"), None)
    if first and first.word("slug") != line.word("slug"):
        yield (*first.path, "slug"), f"give the first indicator the slug of its line, {line.word('slug')}"


def _indicator(indicator: Part, years: Years | None, programme_years: Years | None) -> Advice:
    measure = _measure(indicator)
    if measure:
        yield from _unit(indicator, measure)
    if indicator.data.get("yearly") is True and "due" in indicator.data:
        yield (*indicator.path, "due"), "remove due or yearly: a state of every year has no date"
    due = indicator.number("due")
    if due and programme_years and not programme_years[0] <= due <= programme_years[1]:
        yield (*indicator.path, "due"), f"write a year from {programme_years[0]} to {programme_years[1]}"
    if isinstance(indicator.data.get("target"), dict):
        yield from _target(indicator.inner("target"), measure, years)


def _measure(indicator: Part) -> Measure | None:
    word = indicator.word("measure")
    return Measure(word) if word in list(Measure) else None


def _unit(indicator: Part, measure: Measure) -> Advice:
    unit = indicator.word("unit") or UNITS[measure][0]
    if unit not in UNITS[measure]:
        yield (*indicator.path, "unit"), f"write {' or '.join(UNITS[measure])}: {measure} is counted in that"
        return
    aggregation = indicator.word("aggregation")
    if aggregation and aggregation not in AGGREGATIONS[unit]:
        advice = f"write {' or '.join(AGGREGATIONS[unit])}: {unit} cannot be put together otherwise"
        yield (*indicator.path, "aggregation"), advice


def _target(target: Part, measure: Measure | None, years: Years | None) -> Advice:
    period = target.word("per")
    if period in list(TargetPeriod) and period not in target_periods(measure):
        yield (*target.path, "per"), f"write {' or '.join(target_periods(measure))}: the measure fits no other period"
    yield from _bounds(target)
    for year, bounds in target.inner("years").data.items():
        if isinstance(bounds, dict):
            yield from _override(Part(bounds, (*target.path, "years", year)), target.word("form"))
    for key in ("years", "planned"):
        for year in target.inner(key).data:
            if years and year.isdecimal() and not years[0] <= int(year) <= years[1]:
                yield (*target.path, key, year), f"write a year from {years[0]} to {years[1]}, those of the indicator"
    yield from _planned(target, period)


def _bounds(bounds: Part) -> Advice:
    lower, upper = bounds.number("lower"), bounds.number("upper")
    if lower is not None and upper is not None and lower > upper:
        yield (*bounds.path, "upper"), f"write {lower} or more: upper may not be below lower"


def _override(bounds: Part, form: str | None) -> Advice:
    yield from _bounds(bounds)
    if form == "range" and "upper" not in bounds.data:
        yield bounds.path, "add upper: the target is a range"
    if form in ("exact", "minimum") and "upper" in bounds.data:
        yield (*bounds.path, "upper"), "remove it: only a range has an upper bound"


def _planned(target: Part, period: str | None) -> Advice:
    most = {str(key): value for key, value in PERIODS_IN_YEAR.items()}.get(period or "")
    if most is None and target.inner("planned").data and period in list(TargetPeriod):
        yield (*target.path, "planned"), "remove it: only targets per week or month are planned"
    for year in target.inner("planned").data:
        number = target.inner("planned").number(year)
        if most and number and number > most:
            yield (*target.path, "planned", year), f"write {most} or less"
