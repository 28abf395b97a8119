"""From checked data to entries: this is where everything left out of a file gets its default."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from integration.organisations.models import OrganisationKind
from integration.programme.models import Aggregation, IndicatorKind, Measure, Part, TargetForm, TargetPeriod
from integration.programme.programme_file.entries import (
    ActionEntry,
    DomainEntry,
    GoalEntry,
    IndicatorEntry,
    LineEntry,
    OrganisationEntry,
    PartyEntry,
    ProgrammeEntry,
    TargetEntry,
)
from integration.programme.rules import AGGREGATIONS, UNITS

Years = tuple[int, int]
UNITS_WITHOUT_NUMBERS = {IndicatorKind.MILESTONE: "milestone", IndicatorKind.EXTERNAL: "link"}


def programme_entry(data: dict[str, Any]) -> ProgrammeEntry:
    """The programme of a file that has passed every check."""
    years = _years(data["years"])
    return ProgrammeEntry(
        data["slug"],
        data["title"],
        data["legal_basis"],
        *years,
        tuple(_organisation(each) for each in data["organisations"]),
        tuple(_domain(each, years) for each in data["domains"]),
    )


def _years(pair: list[int]) -> Years:
    return pair[0], pair[1]


def _organisation(data: dict[str, Any]) -> OrganisationEntry:
    return OrganisationEntry(data["slug"], OrganisationKind(data["kind"]), data["name"])


def _domain(data: dict[str, Any], years: Years) -> DomainEntry:
    goals = tuple(
        GoalEntry(goal["slug"], goal["title"], tuple(_action(action, years) for action in goal["actions"]))
        for goal in data["goals"]
    )
    return DomainEntry(data["slug"], data["mark"], data["title"], goals)


def _action(data: dict[str, Any], programme_years: Years) -> ActionEntry:
    years = _years(data["years"])
    begins_on = date(programme_years[0], 1, 1)
    return ActionEntry(
        data["slug"],
        str(data["number"]),
        data["title"],
        *years,
        data.get("ongoing", False),
        data["framework"],
        (
            *(_party(each, Part.RESPONSIBLE, begins_on) for each in data["responsible"]),
            *(_party(each, Part.PARTNER, begins_on) for each in data.get("partners", [])),
        ),
        tuple(_line(line, years, programme_years) for line in data["lines"]),
    )


def _party(data: str | dict[str, Any], part: Part, begins_on: date) -> PartyEntry:
    if isinstance(data, str):
        return PartyEntry(data, part, begins_on, None)
    starts_on = date.fromisoformat(data["from"]) if "from" in data else begins_on
    ends_on = date.fromisoformat(data["until"]) if "until" in data else None
    return PartyEntry(data["organisation"], part, starts_on, ends_on)


def _line(data: dict[str, Any], action_years: Years, programme_years: Years) -> LineEntry:
    indicators = tuple(_indicator(each, action_years, programme_years) for each in data["indicators"])
    return LineEntry(data["slug"], data["label"], data["text"], indicators)


def _indicator(data: dict[str, Any], action_years: Years, programme_years: Years) -> IndicatorEntry:
    kind = IndicatorKind(data["kind"])
    measure = Measure(data["measure"]) if "measure" in data else None
    unit = data.get("unit") or (UNITS[measure][0] if measure else UNITS_WITHOUT_NUMBERS[kind])
    sessions = data.get("filter", {})
    return IndicatorEntry(
        slug=data["slug"],
        kind=kind,
        measure=measure,
        unit=unit,
        aggregation=_aggregation(data, kind, unit),
        title=data["title"],
        **_figure_years(data, action_years, programme_years),
        kinds=sessions.get("kinds", []),
        audiences=sessions.get("audiences", []),
        whole_programme=sessions.get("scope") == "programme",
        traffic_light=data.get("traffic_light", True),
        reading=data.get("reading"),
        targets=tuple(_targets(data)),
    )


def _aggregation(data: dict[str, Any], kind: IndicatorKind, unit: str) -> Aggregation:
    if "aggregation" in data:
        return Aggregation(data["aggregation"])
    if kind is IndicatorKind.COMPUTED:
        return AGGREGATIONS[unit][0]
    reached_once = kind is IndicatorKind.MILESTONE and not data.get("yearly")
    return Aggregation.ANY if reached_once else Aggregation.NONE


def _figure_years(data: dict[str, Any], action_years: Years, programme_years: Years) -> dict[str, int]:
    """A milestone reached once may come late: it can be reported until the programme ends."""
    first, last = _years(data["years"]) if "years" in data else action_years
    if "years" not in data and data["kind"] == IndicatorKind.MILESTONE and not data.get("yearly"):
        last = programme_years[1]
    return {"first_year": first, "last_year": last}


def _targets(data: dict[str, Any]) -> Iterator[TargetEntry]:
    if data.get("yearly"):
        yield TargetEntry(None, TargetForm.EXACT, TargetPeriod.YEAR, 1, None, None)
    if "due" in data:
        yield TargetEntry(data["due"], TargetForm.EXACT, TargetPeriod.ONCE, 1, None, None)
    if target := data.get("target"):
        yield from _numeric_targets(target)


def _numeric_targets(data: dict[str, Any]) -> Iterator[TargetEntry]:
    form, period = TargetForm(data["form"]), TargetPeriod(data["per"])
    overrides, planned = data.get("years", {}), data.get("planned", {})
    yield TargetEntry(None, form, period, data["lower"], data.get("upper"), None)
    for year in sorted({*overrides, *planned}):
        bounds = overrides.get(year, data)
        yield TargetEntry(int(year), form, period, bounds["lower"], bounds.get("upper"), planned.get(year))
