"""A programme as frozen data, which dashboards and reports are drawn from without touching the database again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from integration.kernel.database import Texts
from integration.programme.models import Aggregation, IndicatorKind, Measure, Part, TargetForm, TargetPeriod
from integration.programme.rules import in_force


@dataclass(frozen=True, slots=True)
class PartyOutline:
    """An organisation's part in an action between two dates, both included."""

    organisation_id: int
    slug: str
    name: Texts
    part: Part
    starts_on: date
    ends_on: date | None

    def answers_on(self, on_date: date) -> bool:
        """Whether the part holds on this date."""
        return self.starts_on <= on_date and (self.ends_on is None or on_date <= self.ends_on)


@dataclass(frozen=True, slots=True)
class TargetOutline:
    """What to reach in a year, or in every year (``year`` None)."""

    year: int | None
    form: TargetForm
    period: TargetPeriod
    lower: int
    upper: int | None
    planned: int | None


@dataclass(frozen=True, slots=True)
class IndicatorOutline:
    """A figure per year."""

    id: int
    slug: str
    kind: IndicatorKind
    measure: Measure | None
    unit: str
    aggregation: Aggregation
    title: Texts
    first_year: int
    last_year: int
    kinds: tuple[str, ...]
    audiences: tuple[str, ...]
    whole_programme: bool
    traffic_light: bool
    reading: Texts | None
    targets: tuple[TargetOutline, ...]

    def applies_in(self, year: int) -> bool:
        """Whether a figure is expected in this year; otherwise it is "not this year" (rule 4)."""
        return self.first_year <= year <= self.last_year

    def target_in(self, year: int) -> TargetOutline | None:
        """The target of this year; of a milestone reached once, the one it is due by, in any year."""
        if self.due_year is not None:
            return self.targets[0]
        return in_force(self.targets, year)

    @property
    def due_year(self) -> int | None:
        """The year by which a milestone should be reached; None for yearly states and for figures."""
        if self.kind is not IndicatorKind.MILESTONE or not self.targets:
            return None
        return self.targets[0].year

    @property
    def yearly(self) -> bool:
        """Whether a milestone is a state answered anew every year."""
        return any(target.period is TargetPeriod.YEAR for target in self.targets)


@dataclass(frozen=True, slots=True)
class LineOutline:
    """The programme's own line about a measure."""

    id: int
    slug: str
    label: str
    text: Texts
    indicators: tuple[IndicatorOutline, ...]

    @property
    def main(self) -> IndicatorOutline:
        """The indicator that the line's state and small chart show."""
        return self.indicators[0]


@dataclass(frozen=True, slots=True)
class ActionOutline:
    """A row of the programme."""

    id: int
    slug: str
    number: str
    title: Texts
    first_year: int
    last_year: int
    ongoing: bool
    framework: tuple[str, ...]
    parties: tuple[PartyOutline, ...]
    lines: tuple[LineOutline, ...]

    def responsible(self, on_date: date) -> tuple[PartyOutline, ...]:
        """Who answers for the action on this date."""
        return tuple(each for each in self.parties if each.part is Part.RESPONSIBLE and each.answers_on(on_date))

    def partners(self, on_date: date) -> tuple[PartyOutline, ...]:
        """Who takes part in it on this date."""
        return tuple(each for each in self.parties if each.part is Part.PARTNER and each.answers_on(on_date))


@dataclass(frozen=True, slots=True)
class GoalOutline:
    """What a domain wants to reach."""

    id: int
    slug: str
    title: Texts
    actions: tuple[ActionOutline, ...]


@dataclass(frozen=True, slots=True)
class DomainOutline:
    """A section of the programme."""

    id: int
    slug: str
    mark: str
    title: Texts
    goals: tuple[GoalOutline, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeOutline:
    """A whole programme, read in five statements however large it is."""

    id: int
    slug: str
    title: Texts
    legal_basis: Texts
    first_year: int
    last_year: int
    draft: bool
    """Only staff see it."""
    domains: tuple[DomainOutline, ...]

    @property
    def years(self) -> range:
        """The programme's years, both ends included."""
        return range(self.first_year, self.last_year + 1)

    @property
    def actions(self) -> tuple[ActionOutline, ...]:
        """Every action, in the programme's order."""
        return tuple(action for domain in self.domains for goal in domain.goals for action in goal.actions)

    @property
    def lines(self) -> tuple[LineOutline, ...]:
        """Every meter line, in the programme's order."""
        return tuple(line for action in self.actions for line in action.lines)
