"""Everything that a programme's spreadsheets can speak of, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from babel import Locale

from integration.activities.models import Activity, ActivityAction, Venue
from integration.history.rules import KnownAction, KnownIndicator, Names, Serving, plain
from integration.i18n.languages import ENDONYMS
from integration.kernel.database import DbSession, Texts
from integration.organisations.models import Organisation
from integration.programme.models import Action
from integration.programme.queries import ActionOutline, LineOutline, ProgrammeOutline

Meaning = TypeVar("Meaning", bound=Hashable)

HISTORY = "history-"
"""How the slug of an activity begins that holds the sessions of which only the action is known."""


def known_names(db_session: DbSession, programme: ProgrammeOutline) -> Names:
    """The names of the programme's actions and indicators, and of all activities, venues and organisations."""
    activities = db_session.execute(sa.select(Activity.id, Activity.slug, Activity.title)).all()
    own = [each for each in activities if not each.slug.startswith(HISTORY)]
    organisations = db_session.execute(sa.select(Organisation.slug, Organisation.name)).all()
    return Names(
        activities=_gathered((name, each.id) for each in own for name in _activity_names(each.slug, each.title)),
        actions=_gathered((name, _action(each)) for each in programme.actions for name in _action_names(each)),
        indicators=_indicators(programme),
        partners={plain(name): slug for slug, texts in organisations for name in _all(slug, texts)},
        serves=_serves(db_session, programme),
        languages=_languages(),
    )


def venue_ids(db_session: DbSession) -> dict[str, int]:
    """Venues by their plain names; where two share one, neither."""
    rows = db_session.execute(sa.select(Venue.id, Venue.slug, Venue.name)).all()
    found = _gathered((name, each.id) for each in rows for name in _all(each.slug, each.name))
    return {name: min(ids) for name, ids in found.items() if len(ids) == 1}


def _activity_names(slug: str, title: Texts) -> list[str]:
    """Its whole titles, and what stands before a colon: people write "Culture café" of "Culture café: tea"."""
    whole = _all(slug, title)
    return [*whole, *(each.partition(":")[0] for each in whole if ":" in each)]


def _action(action: ActionOutline) -> KnownAction:
    return KnownAction(action.id, action.first_year, action.last_year)


def _action_names(action: ActionOutline) -> list[str]:
    return [action.number, f"{action.number}.", *_all(action.slug, action.title)]


def _indicators(programme: ProgrammeOutline) -> dict[str, frozenset[KnownIndicator]]:
    return _gathered(
        (name, KnownIndicator(each.id, action.id, each.kind, each.unit, each.first_year, each.last_year))
        for action in programme.actions
        for line in action.lines
        for each in line.indicators
        for name in [*_all(each.slug, each.title), *_line_names(line, each.id)]
    )


def _line_names(line: LineOutline, indicator_id: int) -> list[str]:
    """The name of a meter line means its main indicator."""
    return [line.label, line.slug, *line.text.values()] if line.main.id == indicator_id else []


def _serves(db_session: DbSession, programme: ProgrammeOutline) -> dict[int, tuple[Serving, ...]]:
    rows: Any = db_session.execute(
        sa.select(
            ActivityAction.activity_id, ActivityAction.action_id, ActivityAction.starts_on, ActivityAction.ends_on
        )
        .join(Action, Action.id == ActivityAction.action_id)
        .where(Action.programme_id == programme.id)
    )
    found: defaultdict[int, list[Serving]] = defaultdict(list)
    for activity_id, *serving in rows:
        found[activity_id].append(Serving(*serving))
    return {activity_id: tuple(each) for activity_id, each in found.items()}


def _languages() -> dict[str, str]:
    """The languages that people here speak, by code, by their own names, and by those of the three languages."""
    known: dict[str, str] = {}
    for code, own in ENDONYMS.items():
        names = [Locale.parse(each).languages.get(code) for each in ("sv", "fi", "en")]
        known |= {plain(name): code for name in (code, own, *names) if name}
    return known


def _all(slug: str, texts: Texts) -> list[str]:
    return [slug, *(text for text in texts.values() if text)]


def _gathered(pairs: Iterable[tuple[str, Meaning]]) -> dict[str, frozenset[Meaning]]:
    found: defaultdict[str, set[Meaning]] = defaultdict(set)
    for name, meaning in pairs:
        found[plain(name)].add(meaning)
    return {name: frozenset(meanings) for name, meanings in found.items()}
