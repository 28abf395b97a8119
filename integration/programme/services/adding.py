"""Adding to a programme while it runs: a goal, an action with who answers for it, a meter."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from integration.kernel.database import DbSession, Texts
from integration.programme.errors import OutsideItsYears
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
from integration.programme.rules import NewIndicator, PartyTerm, slug_of
from integration.programme.services.editing import Editor, Row, note, require_open, years_of


def add_goal(db_session: DbSession, programme: Programme, domain: Domain, title: Texts, by: Editor) -> Goal:
    """Add a goal at the end of a domain. Raises ProgrammeClosed."""
    require_open(programme)
    goals = sa.select(Goal).join(Domain, Domain.id == Goal.domain_id).where(Domain.programme_id == programme.id)
    rows = list(db_session.scalars(goals))
    goal = Goal(domain_id=domain.id, slug=_slug(title, rows), position=_last(rows), title=title)
    _keep(db_session, programme, goal, {"title": title}, by)
    return goal


def add_action(
    db_session: DbSession,
    programme: Programme,
    goal: Goal,
    *,
    title: Texts,
    first_year: int,
    last_year: int,
    ongoing: bool,
    party: PartyTerm,
    by: Editor,
) -> Action:
    """Add an action at the end of a goal, with who answers for it. Raises ProgrammeClosed, OutsideItsYears."""
    require_open(programme)
    rows = list(db_session.scalars(sa.select(Action).where(Action.programme_id == programme.id)))
    numbers = [int(each.number) for each in rows if each.number.isdecimal()]
    said = {"title": title, "first_year": first_year, "last_year": last_year, "ongoing": ongoing}
    action = Action(
        programme_id=programme.id,
        goal_id=goal.id,
        slug=_slug(title, rows),
        number=str(max(numbers, default=0) + 1),
        position=_last(rows),
        framework=[],
        responsibilities=[Responsibility(**asdict(party))],
        **said,
    )
    _require_inside(action, programme)
    _keep(db_session, programme, action, said, by)
    return action


def add_line(
    db_session: DbSession, programme: Programme, action: Action, text: Texts, new: NewIndicator, by: Editor
) -> MeterLine:
    """Add a meter line to an action; it has its first indicator from the start, under the same slug.

    Raises ProgrammeClosed, OutsideItsYears.
    """
    require_open(programme)
    rows = list(db_session.scalars(sa.select(MeterLine).where(MeterLine.programme_id == programme.id)))
    known = [*rows, *_indicators(db_session, programme)]
    letter = chr(ord("a") + len(action.lines)) if action.lines else ""
    line = MeterLine(
        programme_id=programme.id,
        action_id=action.id,
        slug=_slug(new.title, known),
        label=f"{action.number}{letter}",
        position=_last(rows),
        text=text,
    )
    _keep(db_session, programme, line, {"text": text}, by)
    _add(db_session, programme, line, new, line.slug, by)
    return line


def add_indicator(
    db_session: DbSession, programme: Programme, line: MeterLine, new: NewIndicator, by: Editor
) -> Indicator:
    """Add an indicator to a meter line, after those it has. Raises ProgrammeClosed, OutsideItsYears."""
    require_open(programme)
    return _add(db_session, programme, line, new, _slug(new.title, _indicators(db_session, programme)), by)


def _add(
    db_session: DbSession, programme: Programme, line: MeterLine, new: NewIndicator, slug: str, by: Editor
) -> Indicator:
    said: dict[str, Any] = {name: getattr(new, name) for name in ("title", "kind", "measure", "unit")}
    said |= {"first_year": new.first_year, "last_year": new.last_year}
    indicator = Indicator(
        programme_id=programme.id,
        line_id=line.id,
        slug=slug,
        position=_last(_indicators(db_session, programme)),
        aggregation=new.aggregation,
        kinds=[],
        audiences=[],
        whole_programme=False,
        traffic_light=True,
        reading=None,
        targets=[Target(**asdict(each)) for each in new.targets],
        **said,
    )
    _require_inside(indicator, programme)
    _keep(db_session, programme, indicator, said, by)
    return indicator


def _indicators(db_session: DbSession, programme: Programme) -> list[Indicator]:
    return list(db_session.scalars(sa.select(Indicator).where(Indicator.programme_id == programme.id)))


def _slug(title: Texts, rows: list[Any]) -> str:
    text = title.get("en") or title.get("sv") or title.get("fi") or ""
    return slug_of(text, {row.slug for row in rows})


def _last(rows: list[Any]) -> int:
    return max((row.position for row in rows), default=-1) + 1


def _require_inside(row: Action | Indicator, programme: Programme) -> None:
    if not (years_of(row) and years_of(row) <= years_of(programme)):
        raise OutsideItsYears


def _keep(db_session: DbSession, programme: Programme, row: Row, said: dict[str, Any], by: Editor) -> None:
    db_session.add(row)
    db_session.flush()
    note(db_session, programme, row, ({}, said), by)
