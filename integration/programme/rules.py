"""What fits together in a programme: measures with units, aggregations and targets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from integration.programme.models import Aggregation, Measure, TargetPeriod

UNITS: dict[Measure, tuple[str, ...]] = {
    Measure.HELD: ("sessions",),
    Measure.VISITS: ("visits",),
    Measure.UNIQUE: ("persons",),
    Measure.PARTNERS: ("organisations",),
    Measure.WEEKS: ("weeks",),
    Measure.MONTHS: ("months",),
    Measure.LANGUAGE_SUPPORT: ("share", "sessions"),
    Measure.GROUPS: ("groups",),
}
"""The units that a measure can be given in; the first is meant when none is named."""

AGGREGATIONS: dict[str, tuple[Aggregation, ...]] = {
    "sessions": (Aggregation.SUM, Aggregation.LAST, Aggregation.NONE),
    "visits": (Aggregation.SUM, Aggregation.LAST, Aggregation.NONE),
    "persons": (Aggregation.DISTINCT, Aggregation.NONE),
    "organisations": (Aggregation.DISTINCT, Aggregation.NONE),
    "weeks": (Aggregation.DISTINCT, Aggregation.NONE),
    "months": (Aggregation.DISTINCT, Aggregation.NONE),
    "share": (Aggregation.NONE, Aggregation.LAST),
    "groups": (Aggregation.DISTINCT, Aggregation.NONE),
}
"""How computed figures may become one, the first when none is named. Persons are never summed (rule 1)."""

PERIODS_IN_YEAR = {TargetPeriod.WEEK: 53, TargetPeriod.MONTH: 12}
"""The most weeks (ISO 8601) and months that can be planned in a year."""


class Yearly(Protocol):
    """Something that holds in one year, or in every year when it names none."""

    @property
    def year(self) -> int | None: ...


Y = TypeVar("Y", bound=Yearly)


def in_force(targets: Iterable[Y], year: int) -> Y | None:
    """The target of this year: the year's own before the one for every year, None without either (rule 5)."""
    by_year = {target.year: target for target in targets}
    return by_year.get(year, by_year.get(None))


def target_periods(measure: Measure | None) -> tuple[TargetPeriod, ...]:
    """The periods that a target of this measure can speak of."""
    if measure is Measure.WEEKS:
        return (TargetPeriod.WEEK, TargetPeriod.YEAR)
    if measure is Measure.MONTHS:
        return (TargetPeriod.MONTH, TargetPeriod.YEAR)
    return (TargetPeriod.YEAR, TargetPeriod.ONCE)


class Verdict(StrEnum):
    """What loading a file means for one row."""

    ADD = "add"
    KEEP = "keep"
    CHANGE = "change"
    EDITED = "edited"


def verdict(wanted: str, present: str | None, loaded: str | None) -> Verdict:
    """Compare digests: of what the file wants, of what is there (None: nothing), of what a file last put there."""
    if present is None:
        return Verdict.ADD
    if present == wanted:
        return Verdict.KEEP
    return Verdict.CHANGE if present == loaded else Verdict.EDITED


def digest(content: Mapping[str, Any], details: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of a row's content and of the small rows that belong to it, in whatever order they come."""
    rows = sorted(json.dumps(each, sort_keys=True, default=str) for each in details)
    whole = json.dumps([content, rows], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()


def differences(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    """Which columns differ, texts by language, such as ``title (fi)``."""
    found = []
    for name, value in wanted.items():
        other = present.get(name)
        if value == other:
            continue
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            languages = [code for code in sorted({*value, *other}) if value.get(code) != other.get(code)]
            name = f"{name} ({', '.join(languages)})"
        found.append(name)
    return found


class Fate(StrEnum):
    """What becomes of an action."""

    CONTINUE = "continue"
    CHANGE = "change"
    END = "end"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one action; ``into``: the id of the former action that it is merged into."""

    fate: Fate
    into: int | None = None
