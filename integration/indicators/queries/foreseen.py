"""What figures would be if more sessions counted: for whoever is about to import them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from integration.indicators.queries.facts import Key, programme_facts
from integration.indicators.queries.figures import counted_in, facts_at, wish_of
from integration.indicators.rules import Counted, Facts, value_of
from integration.kernel.database import DbSession
from integration.programme.models import Measure
from integration.programme.queries import IndicatorOutline, ProgrammeOutline


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A computed figure as it is and as it would be, printable or not; None: there are no sessions to count."""

    indicator: IndicatorOutline
    year: int
    before: int | None
    after: int | None
    personal: bool


def foreseen_figures(
    db_session: DbSession, programme: ProgrammeOutline, today: date, more: Mapping[Key, Facts]
) -> list[Foreseen]:
    """Every computed figure that the programme's years ask for, as it is and with these facts."""
    facts = programme_facts(db_session, wish_of(programme, today, council=True, as_held=None))
    after = {key: _together(facts_at(facts, *key), more.get(key, Facts())) for key in {*facts, *more}}
    return [
        Foreseen(each, year, _value(each, was), _value(each, would), _is_personal(each, would))
        for action in programme.actions
        for line in action.lines
        for each in line.indicators
        for year in programme.years
        if each.measure is not None and each.applies_in(year)
        if (was := counted_in(facts, action, each, year)) is not None
        if (would := counted_in(after, action, each, year)) is not None
    ]


def _together(known: Facts, more: Facts) -> Facts:
    """Both; U stays as it is, for nobody can tell who came twice."""
    both = Facts(dict(known.sums), set(known.dates), set(known.groups), set(known.partners), known.persons)
    both.dates |= more.dates
    both.groups |= more.groups
    both.partners |= more.partners
    for of, sums in more.sums.items():
        both.add(of, sums)
    return both


def _value(indicator: IndicatorOutline, found: Counted) -> int | None:
    if indicator.measure is None or not found.known:
        return None
    return value_of(indicator.measure, indicator.unit, found)[0]


def _is_personal(indicator: IndicatorOutline, found: Counted) -> bool:
    return found.sensitive or indicator.measure is Measure.UNIQUE
