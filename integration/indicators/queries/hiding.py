"""What of a programme's figures is not printed, reckoned from all that is printed of it anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa

from integration.activities.models import ActivityAction
from integration.indicators.models import WHOLE_PROGRAMME, FoldedServing, FoldedSession, Provenance
from integration.indicators.queries.facts import Key
from integration.indicators.queries.reports import Reports
from integration.indicators.rules import Facts, Standing
from integration.indicators.rules.hiding import FIELDS, Printed, Scope, Surroundings, has_secrets, hidden_in_year
from integration.indicators.rules.secrecy import Told
from integration.kernel.database import DbSession
from integration.programme.models import Action, IndicatorKind, Measure
from integration.programme.queries import ActionOutline, IndicatorOutline, LineOutline, ProgrammeOutline

History = Mapping[int, Sequence[Told]]
"""Year > what editions have printed of its U."""
HiddenYears = dict[tuple[Scope, int], dict[str, Standing]]
ROW_FIELDS = ("held", "visits", "partners", "support", "children")


class _Neighbours:
    """Which actions share activities; read once, and only when something is hidden."""

    def __init__(self, db_session: DbSession, programme_id: int) -> None:
        self._db_session = db_session
        self._programme_id = programme_id

    @cached_property
    def served(self) -> list[set[int]]:
        """Per activity, the actions that it has ever served."""
        statement = (
            sa.select(ActivityAction.activity_id, ActivityAction.action_id)
            .join(Action, Action.id == ActivityAction.action_id)
            .where(Action.programme_id == self._programme_id)
        )
        served: defaultdict[int, set[int]] = defaultdict(set)
        for activity_id, action_id in self._db_session.execute(statement).all():
            served[activity_id].add(action_id)
        return list(served.values())

    def near(self, one: int, other: int) -> bool:
        """Whether a session may count at both places."""
        same = one == other or WHOLE_PROGRAMME in (one, other)
        return same or any({one, other} <= actions for actions in self.served)

    def covers(self, place: int) -> frozenset[int]:
        """The other places that together may count each of this one's sessions; none where one is its own."""
        if place == WHOLE_PROGRAMME:
            return frozenset().union(*self.served)
        own = [actions for actions in self.served if place in actions]
        return frozenset() if any(len(actions) == 1 for actions in own) else frozenset().union(*own)


def scope_of(action: ActionOutline, indicator: IndicatorOutline) -> Scope:
    """Which sessions an indicator counts."""
    place = WHOLE_PROGRAMME if indicator.whole_programme else action.id
    return Scope(place, tuple(sorted(indicator.kinds)), tuple(sorted(indicator.audiences)))


def counts_for(line: LineOutline) -> IndicatorOutline | None:
    """The indicator whose sessions a line's full table is about: its main one when computed, else the first that is."""
    return next((each for each in line.indicators if each.kind is IndicatorKind.COMPUTED), None)


def hidden_years(
    db_session: DbSession,
    programme: ProgrammeOutline,
    facts: Mapping[Key, Facts],
    *,
    running: int | None,
    splits: bool,
    told: History,
) -> HiddenYears:
    """(scope, year) > what is not printed. Two statements more where anything has to be hidden, none otherwise.

    ``running``: the year whose U is that of its closed months only; None for staff.
    """
    printed = _printed(programme)
    by_year: defaultdict[int, dict[int, Facts]] = defaultdict(dict)
    for (place, year), found in facts.items():
        by_year[year][place] = found
    neighbours = _Neighbours(db_session, programme.id)
    hidden: HiddenYears = {}
    for year, places in by_year.items():
        before = told.get(year, ())
        if not has_secrets(places, printed, before, splits=splits):
            continue
        room = partial(_closed_visits, db_session, programme.id, year if year == running else None)
        around = Surroundings(neighbours.near, neighbours.covers, room, before)
        for scope, fields in hidden_in_year(places, printed, around, splits=splits).items():
            hidden[scope, year] = fields
    return hidden


def told_with_locks(programme: ProgrammeOutline, reports: Reports, told: History) -> History:
    """What editions have printed of U, and what of it was locked: that too stands as it is, whatever comes later."""
    locked: defaultdict[int, dict[int, int | None]] = defaultdict(dict)
    places = {
        indicator.id: scope_of(action, indicator).place
        for action in programme.actions
        for line in action.lines
        for indicator in line.indicators
        if indicator.measure is Measure.UNIQUE
    }
    for (indicator_id, year), report in reports.items():
        counted = indicator_id in places and report.locked and report.provenance is Provenance.COMPUTED
        if counted and report.hidden is not Standing.WITHHELD:
            locked[year][places[indicator_id]] = None if report.hidden else report.value
    return {year: (*told.get(year, ()), *((locked[year],) if year in locked else ())) for year in {*told, *locked}}


def _printed(programme: ProgrammeOutline) -> Printed:
    whole = Scope(WHOLE_PROGRAMME)
    fields: defaultdict[str, set[Scope]] = defaultdict(set, {"held": {whole}, "visits": {whole}})
    places = {WHOLE_PROGRAMME}
    for action in programme.actions:
        for line in action.lines:
            for each in line.indicators:
                if each.measure is not None:
                    fields[FIELDS[each.measure]].add(scope_of(action, each))
                    fields["held"].add(scope_of(action, each))
            counting = counts_for(line)
            if counting is not None:
                places.add(scope_of(action, counting).place)
                for name in ROW_FIELDS:
                    fields[name].add(scope_of(action, counting))
    places |= {scope.place for scope in fields["persons"]}
    return Printed({name: frozenset(scopes) for name, scopes in fields.items()}, frozenset(places))


def _closed_visits(db_session: DbSession, programme_id: int, year: int | None) -> dict[int, int]:
    """Action id > the visits of a year's closed months, among which its U was counted; nothing of no year.

    Sensitive sessions take no cards, so nobody of U was there.
    """
    if year is None:
        return {}
    visits: Any = sa.func.sum(FoldedSession.adults + FoldedSession.children)
    statement = (
        sa.select(FoldedServing.action_id, visits)
        .join(FoldedSession, FoldedSession.session_id == FoldedServing.session_id)
        .where(
            FoldedServing.programme_id == programme_id,
            FoldedServing.year == year,
            FoldedSession.visitors_folded,
            ~FoldedSession.sensitive,
        )
        .group_by(FoldedServing.action_id)
    )
    return {action_id: int(number) for action_id, number in db_session.execute(statement).all()}
