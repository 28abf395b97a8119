"""Setting up a successor: a copy of a programme in which the council says of each action what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.kernel.database import Base, DbSession, Texts
from integration.kernel.events import publish
from integration.programme.errors import MergedIntoNothing, NotAfter, SlugTaken
from integration.programme.events import ProgrammeSucceeded
from integration.programme.models import (
    Action,
    Domain,
    Goal,
    Indicator,
    MeterLine,
    Programme,
    Responsibility,
    Succession,
    Target,
)
from integration.programme.rules import Choice, Fate

LEFT_BEHIND = frozenset({"id", "file_digest", "loaded_at", "former_id", "closed_at", "draft"})
"""Columns that a copy does not take over: its own identity, and what a file or time did to the former row."""


def succeed(
    db_session: DbSession,
    former: Programme,
    *,
    slug: str,
    title: Texts,
    first_year: int,
    last_year: int,
    choices: Mapping[int, Choice],
    account_id: int,
    now: datetime,
) -> Programme:
    """Make the successor of a programme, as a draft; what serves its actions moves over at its first day.

    Domains, goals, meters and targets keep their slugs, so that a figure can be followed from one programme to the
    next. An action without a choice continues. Raises SlugTaken, NotAfter, MergedIntoNothing.
    """
    if first_year <= former.last_year or last_year < first_year:
        raise NotAfter(former.last_year)
    if db_session.scalar(sa.select(Programme.id).where(Programme.slug == slug)) is not None:
        raise SlugTaken(slug)
    programme = Programme(
        slug=slug,
        title=title,
        legal_basis=former.legal_basis,
        first_year=first_year,
        last_year=last_year,
        draft=True,
        former_id=former.id,
    )
    db_session.add(programme)
    db_session.flush()
    copied = _copy_domains(db_session, former, programme, choices)
    follows = {**copied, **_merged(choices, copied)}
    db_session.add_all(Succession(former_id=old, action_id=new) for old, new in follows.items())
    db_session.flush()
    ended = frozenset(action_id for action_id in _actions_of(db_session, former.id) if action_id not in follows)
    publish(db_session, ProgrammeSucceeded(programme.id, follows, ended, date(first_year, 1, 1)))
    record(
        db_session,
        Audited.PROGRAMME_SUCCEEDED,
        "programme",
        programme.id,
        account_id=account_id,
        now=now,
        former=former.id,
        actions=len(copied),
    )
    return programme


def _actions_of(db_session: DbSession, programme_id: int) -> list[int]:
    return list(db_session.scalars(sa.select(Action.id).where(Action.programme_id == programme_id)))


def _merged(choices: Mapping[int, Choice], copied: Mapping[int, int]) -> dict[int, int]:
    """Where merged actions go on; what they are merged into must itself go on."""
    found = {}
    for action_id, choice in choices.items():
        if choice.fate is Fate.MERGE:
            if choice.into is None or choice.into not in copied:
                raise MergedIntoNothing(action_id)
            found[action_id] = copied[choice.into]
    return found


def _copy_domains(
    db_session: DbSession, former: Programme, programme: Programme, choices: Mapping[int, Choice]
) -> dict[int, int]:
    """Copy everything that goes on; former action's id > the copy's."""
    copied: dict[int, int] = {}
    for domain in former.domains:
        new_domain = _copy(db_session, domain, programme_id=programme.id)
        for goal in domain.goals:
            new_goal = _copy(db_session, goal, domain_id=new_domain.id)
            for action in goal.actions:
                choice = choices.get(action.id, Choice(Fate.CONTINUE))
                if choice.fate in (Fate.CONTINUE, Fate.CHANGE):
                    copied[action.id] = _copy_action(db_session, action, programme, new_goal.id).id
    return copied


def _copy_action(db_session: DbSession, action: Action, programme: Programme, goal_id: int) -> Action:
    years = {"first_year": programme.first_year, "last_year": programme.last_year}
    copy: Action = _copy(db_session, action, programme_id=programme.id, goal_id=goal_id, **years)
    for party in action.responsibilities:
        if party.ends_on is None or party.ends_on.year >= action.last_year:
            _copy(db_session, party, action_id=copy.id, starts_on=date(programme.first_year, 1, 1), ends_on=None)
    for line in action.lines:
        new_line = _copy(db_session, line, programme_id=programme.id, action_id=copy.id)
        for indicator in line.indicators:
            new = _copy(db_session, indicator, programme_id=programme.id, line_id=new_line.id, **years)
            _copy_targets(db_session, indicator, new, programme)
    return copy


def _copy_targets(db_session: DbSession, indicator: Indicator, new: Indicator, programme: Programme) -> None:
    """Targets for every year go on; those of single years are past, but for a milestone's, due by the last year."""
    for target in indicator.targets:
        if target.year is None:
            _copy(db_session, target, indicator_id=new.id)
    if indicator.targets and all(each.year is not None for each in indicator.targets):
        last = max(indicator.targets, key=lambda each: each.year or 0)
        _copy(db_session, last, indicator_id=new.id, year=programme.last_year)


def _copy(
    db_session: DbSession,
    row: Domain | Goal | Action | Responsibility | MeterLine | Indicator | Target | Base,
    **over: Any,
) -> Any:
    """A new row with the same content in another place."""
    columns = [each.key for each in sa.inspect(type(row)).column_attrs]
    values = {name: getattr(row, name) for name in columns if name not in LEFT_BEHIND}
    copy = type(row)(**{**values, **over})
    db_session.add(copy)
    db_session.flush()
    return copy
