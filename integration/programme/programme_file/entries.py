"""A checked programme file as frozen entries, every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from integration.kernel.database import Texts
from integration.organisations.models import OrganisationKind
from integration.programme.models import (
    Aggregation,
    IndicatorKind,
    Measure,
    Part,
    TargetForm,
    TargetPeriod,
)


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation that actions name."""

    slug: str
    kind: OrganisationKind
    name: Texts


@dataclass(frozen=True)
class PartyEntry:
    """An organisation's part in an action between two dates, both included."""

    organisation: str
    part: Part
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class TargetEntry:
    """What to reach in a year, or in every year."""

    year: int | None
    form: TargetForm
    period: TargetPeriod
    lower: int
    upper: int | None
    planned: int | None


@dataclass(frozen=True)
class IndicatorEntry:
    """A figure per year."""

    slug: str
    kind: IndicatorKind
    measure: Measure | None
    unit: str
    aggregation: Aggregation
    title: Texts
    first_year: int
    last_year: int
    kinds: list[str]
    audiences: list[str]
    whole_programme: bool
    traffic_light: bool
    reading: Texts | None
    targets: tuple[TargetEntry, ...]


@dataclass(frozen=True)
class LineEntry:
    """The programme's own line about a measure."""

    slug: str
    label: str
    text: Texts
    indicators: tuple[IndicatorEntry, ...]


@dataclass(frozen=True)
class ActionEntry:
    """A row of the programme."""

    slug: str
    number: str
    title: Texts
    first_year: int
    last_year: int
    ongoing: bool
    framework: list[str]
    parties: tuple[PartyEntry, ...]
    lines: tuple[LineEntry, ...]


@dataclass(frozen=True)
class GoalEntry:
    """What a domain wants to reach."""

    slug: str
    title: Texts
    actions: tuple[ActionEntry, ...]


@dataclass(frozen=True)
class DomainEntry:
    """A section of the programme."""

    slug: str
    mark: str
    title: Texts
    goals: tuple[GoalEntry, ...]


@dataclass(frozen=True)
class ProgrammeEntry:
    """A whole programme."""

    slug: str
    title: Texts
    legal_basis: Texts
    first_year: int
    last_year: int
    organisations: tuple[OrganisationEntry, ...]
    domains: tuple[DomainEntry, ...]
