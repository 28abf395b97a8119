"""What fits together in a programme: measures with units, aggregations and targets."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from integration.kernel.database import Texts
from integration.programme.models import Aggregation, IndicatorKind, Measure, Part, TargetForm, TargetPeriod

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


@dataclass(frozen=True, slots=True)
class PartyTerm:
    """An organisation's part in an action between two dates, both included."""

    organisation_id: int
    part: Part
    starts_on: date
    ends_on: date | None

    def holds_on(self, on_date: date) -> bool:
        """Whether the part holds on this date."""
        return self.starts_on <= on_date and (self.ends_on is None or on_date <= self.ends_on)


@dataclass(frozen=True, slots=True)
class TargetTerm:
    """What to reach in a year, or in every year (``year`` None)."""

    year: int | None
    form: TargetForm
    period: TargetPeriod
    lower: int
    upper: int | None = None
    planned: int | None = None


YEARLY_STATE = TargetTerm(None, TargetForm.EXACT, TargetPeriod.YEAR, 1)
"""What a milestone asks that is answered anew every year."""


def due_by(year: int) -> TargetTerm:
    """What a milestone asks that is reached once."""
    return TargetTerm(year, TargetForm.EXACT, TargetPeriod.ONCE, 1)


def with_party(parties: Iterable[PartyTerm], new: PartyTerm, *, takes_over: bool) -> list[PartyTerm]:
    """The parties of an action with one more; ``takes_over`` lets who had the same part leave it the day before."""
    kept = []
    for each in parties:
        if takes_over and each.part is new.part and each.holds_on(new.starts_on):
            if each.starts_on == new.starts_on:
                continue
            each = PartyTerm(each.organisation_id, each.part, each.starts_on, new.starts_on - timedelta(days=1))
        if (each.organisation_id, each.part, each.starts_on) != (new.organisation_id, new.part, new.starts_on):
            kept.append(each)
    return [*kept, new]


def with_target(targets: Iterable[TargetTerm], new: TargetTerm) -> list[TargetTerm]:
    """The targets with this one in place of the one of the same year."""
    return [*(each for each in targets if each.year != new.year), new]


def ended_after(targets: Iterable[TargetTerm], last: int, years: Iterable[int]) -> list[TargetTerm]:
    """The same targets up to a last year and none after it: the one for every year becomes one for each year left."""
    listed = list(targets)
    found = {year: in_force(listed, year) for year in years if year <= last}
    return [
        TargetTerm(year, each.form, each.period, each.lower, each.upper, each.planned)
        for year, each in found.items()
        if each is not None
    ]


def years_that_differ(
    before: Iterable[TargetTerm], after: Iterable[TargetTerm], years: Iterable[int]
) -> frozenset[int]:
    """The years in which other targets are in force."""
    old, new = list(before), list(after)

    def asked(targets: list[TargetTerm], year: int) -> tuple[Any, ...] | None:
        each = in_force(targets, year)
        return (each.form, each.period, each.lower, each.upper, each.planned) if each else None

    return frozenset(year for year in years if asked(old, year) != asked(new, year))


def slug_of(text: str, taken: Collection[str]) -> str:
    """A stable name made of a title, unlike those that are taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "row"
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """An indicator that is to be added; ``due`` is the year by which a milestone is reached, None if asked yearly."""

    title: Texts
    kind: IndicatorKind
    measure: Measure | None
    unit: str
    first_year: int
    last_year: int
    due: int | None = None

    @property
    def aggregation(self) -> Aggregation:
        """How its years become one figure."""
        if self.measure is not None:
            return AGGREGATIONS[self.unit][0]
        return Aggregation.ANY if self.due is not None else Aggregation.NONE

    @property
    def targets(self) -> list[TargetTerm]:
        """What it asks from the start: of a milestone its date, of a figure nothing yet."""
        if self.kind is not IndicatorKind.MILESTONE:
            return []
        return [due_by(self.due) if self.due is not None else YEARLY_STATE]
