"""Reading a whole programme at once: six statements, however many rows it has."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.organisations.models import Organisation
from integration.programme.models import (
    Action,
    Domain,
    Goal,
    Indicator,
    MeterLine,
    Programme,
    Responsibility,
    Target,
)
from integration.programme.queries.outlines import (
    ActionOutline,
    DomainOutline,
    GoalOutline,
    IndicatorOutline,
    LineOutline,
    PartyOutline,
    ProgrammeOutline,
    TargetOutline,
)

Children = dict[int, tuple[Any, ...]]

_PROGRAMME = sa.bindparam("programme", type_=sa.Integer)

# Put together once and read without the mapper: every page of a programme begins with these.
_SECTIONS = (
    sa.select(
        Programme.id.label("programme_id"),
        Programme.slug.label("programme_slug"),
        Programme.title.label("programme_title"),
        Programme.legal_basis,
        Programme.first_year,
        Programme.last_year,
        Programme.draft,
        Domain.id.label("domain_id"),
        Domain.slug.label("domain_slug"),
        Domain.mark,
        Domain.title.label("domain_title"),
        Goal.id,
        Goal.slug,
        Goal.title,
    )
    .outerjoin(Domain, Domain.programme_id == Programme.id)
    .outerjoin(Goal, Goal.domain_id == Domain.id)
    .where(Programme.id == _PROGRAMME)
    .order_by(Domain.position, Goal.position)
)
_ACTIONS = (
    sa.select(
        *(Action.goal_id, Action.id, Action.slug, Action.number, Action.title),
        *(Action.first_year, Action.last_year, Action.ongoing, Action.framework),
    )
    .where(Action.programme_id == _PROGRAMME)
    .order_by(Action.position)
)
_PARTIES = (
    sa.select(
        *(Responsibility.action_id, Organisation.id, Organisation.slug, Organisation.name),
        *(Responsibility.part, Responsibility.starts_on, Responsibility.ends_on),
    )
    .join(Organisation, Organisation.id == Responsibility.organisation_id)
    .join(Action, Action.id == Responsibility.action_id)
    .where(Action.programme_id == _PROGRAMME)
    .order_by(Responsibility.id)
)
_LINES = (
    sa.select(MeterLine.action_id, MeterLine.id, MeterLine.slug, MeterLine.label, MeterLine.text)
    .where(MeterLine.programme_id == _PROGRAMME)
    .order_by(MeterLine.position)
)
_INDICATORS = (
    sa.select(
        *(Indicator.line_id, Indicator.id, Indicator.slug, Indicator.kind, Indicator.measure, Indicator.unit),
        *(Indicator.aggregation, Indicator.title, Indicator.first_year, Indicator.last_year, Indicator.kinds),
        *(Indicator.audiences, Indicator.whole_programme, Indicator.traffic_light, Indicator.reading),
    )
    .where(Indicator.programme_id == _PROGRAMME)
    .order_by(Indicator.position)
)
_TARGETS = (
    sa.select(
        *(Target.indicator_id, Target.year, Target.form, Target.period),
        *(Target.lower, Target.upper, Target.planned),
    )
    .join(Indicator, Indicator.id == Target.indicator_id)
    .where(Indicator.programme_id == _PROGRAMME)
    .order_by(Target.id)
)


def programme_outline(db_session: DbSession, programme_id: int) -> ProgrammeOutline | None:
    """The programme with everything under it, in the file's order; None when there is no such programme."""
    db_session.flush()
    sections = _rows(db_session, _SECTIONS, programme_id)
    if not sections:
        return None
    actions = _actions(db_session, programme_id, _lines(db_session, programme_id))
    head = sections[0]
    return ProgrammeOutline(
        head.programme_id,
        head.programme_slug,
        head.programme_title,
        head.legal_basis,
        head.first_year,
        head.last_year,
        head.draft,
        _domains(sections, actions),
    )


def _rows(db_session: DbSession, statement: Any, programme_id: int) -> list[Any]:
    return list(db_session.connection().execute(statement, {"programme": programme_id}).all())


def _domains(sections: list[Any], actions: Children) -> tuple[DomainOutline, ...]:
    goals: defaultdict[int, list[GoalOutline]] = defaultdict(list)
    for row in sections:
        if row.id is not None:
            goals[row.domain_id].append(GoalOutline(row.id, row.slug, row.title, actions.get(row.id, ())))
    heads = {row.domain_id: row for row in sections if row.domain_id is not None}
    return tuple(
        DomainOutline(domain_id, row.domain_slug, row.mark, row.domain_title, tuple(goals[domain_id]))
        for domain_id, row in heads.items()
    )


def _actions(db_session: DbSession, programme_id: int, lines: Children) -> Children:
    parties = _parties(db_session, programme_id)
    rows = _rows(db_session, _ACTIONS, programme_id)
    return _grouped((row.goal_id, _action(row, parties.get(row.id, ()), lines.get(row.id, ()))) for row in rows)


def _action(row: Any, parties: tuple[PartyOutline, ...], lines: tuple[LineOutline, ...]) -> ActionOutline:
    _goal_id, *columns, framework = row
    inner: list[Any] = [tuple(framework), parties, lines]
    return ActionOutline(*columns, *inner)


def _parties(db_session: DbSession, programme_id: int) -> Children:
    rows = _rows(db_session, _PARTIES, programme_id)
    return _grouped((action_id, PartyOutline(*rest)) for action_id, *rest in rows)


def _lines(db_session: DbSession, programme_id: int) -> Children:
    indicators = _indicators(db_session, programme_id)
    rows = _rows(db_session, _LINES, programme_id)
    return _grouped(
        (row.action_id, LineOutline(row.id, row.slug, row.label, row.text, indicators.get(row.id, ()))) for row in rows
    )


def _indicators(db_session: DbSession, programme_id: int) -> Children:
    targets = _targets(db_session, programme_id)
    rows = _rows(db_session, _INDICATORS, programme_id)
    return _grouped((row.line_id, _indicator(row, targets.get(row.id, ()))) for row in rows)


def _indicator(row: Any, targets: tuple[TargetOutline, ...]) -> IndicatorOutline:
    _line_id, *columns, kinds, audiences, whole_programme, traffic_light, reading = row
    rest: list[Any] = [tuple(kinds), tuple(audiences), whole_programme, traffic_light, reading, targets]
    return IndicatorOutline(*columns, *rest)


def _targets(db_session: DbSession, programme_id: int) -> Children:
    rows = _rows(db_session, _TARGETS, programme_id)
    return _grouped((indicator_id, TargetOutline(*rest)) for indicator_id, *rest in rows)


def _grouped(pairs: Any) -> Children:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
