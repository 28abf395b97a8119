"""A small city whose sessions are few and partly sensitive: a programme of three actions, all of them over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from integration.activities.models import ActivityAction, Session, SessionKind
from integration.indicators.services import fold_due
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.programme.models import Measure, Programme
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import at, close, computed, make_action, make_attendance, make_line, make_programme
from tests.giving_away import Place, Sort

YEAR = 2025
FIRST = date(2020, 1, 1)


@dataclass(frozen=True)
class Came:
    """People at one session: which actions it serves, households with a card as (number, adults, children), others."""

    actions: tuple[int, ...]
    cards: tuple[tuple[int, int, int], ...] = ()
    others: tuple[int, int] = (0, 0)
    kind: str = "cafe"
    sensitive: bool = False


def crowd(action: int, people: int, **over: Any) -> Came:
    """So many people without a card."""
    return replace(Came((action,), others=(people, 0)), **over)


def quiet(action: int, people: int, **over: Any) -> Came:
    """A sensitive session."""
    return crowd(action, people, sensitive=True, **over)


@dataclass
class City:
    """A programme of three actions, all of whose sessions are over."""

    programme: Programme
    actions: list[int]
    sessions: list[tuple[Sort, Session]]
    activities: dict[tuple[int, ...], Any]

    def place(self, number: int, kind: str = "") -> Place:
        """An action's by its place in the list; -1: the whole programme's."""
        return Place(self.actions[number] if number >= 0 else 0, kind)


def make_city(db_session: DbSession) -> City:
    """Per action a line with V, U and the sessions held; the first has a line of one kind besides, the last of all."""
    programme = make_programme(db_session, first_year=YEAR, last_year=YEAR)
    actions = [make_action(db_session, programme, first_year=YEAR, last_year=YEAR) for _ in range(3)]
    years = {"first_year": YEAR, "last_year": YEAR}
    for number, action in enumerate(actions):
        measures = (Measure.VISITS, Measure.UNIQUE, Measure.HELD)
        make_line(
            db_session,
            action,
            *(computed(each, slug=f"p{programme.id}-{each.value}-{number}", **years) for each in measures),
            **_named(programme, number),
        )
    for name, over in (("training", {"kinds": ["training"]}), ("whole", {"whole_programme": True})):
        counted = (Measure.VISITS,) if "kinds" in over else (Measure.VISITS, Measure.UNIQUE)
        make_line(
            db_session,
            actions[0],
            *(computed(each, slug=f"p{programme.id}-{each.value}-{name}", **years, **over) for each in counted),
            **_named(programme, name),
        )
    return City(programme, [each.id for each in actions], [], {})


def _named(programme: Programme, name: object) -> dict[str, Any]:
    slug = f"p{programme.id}-line-{name}"
    return {"slug": slug, "text": dict.fromkeys(("sv", "fi", "en"), meter_of(slug))}


def meter_of(line: str) -> str:
    """A line's own text, which tells it from the others in a report."""
    return f"Meter {line.rsplit('-', 1)[-1]}."


def grow(db_session: DbSession, city: City, came: list[Came]) -> None:
    """Hold these sessions, one every other day, and fold them."""
    for each in came:
        served = tuple(sorted(city.actions[number] for number in each.actions))
        if served not in city.activities:
            city.activities[served] = make_activity(db_session)
            for action in served:
                db_session.add(
                    ActivityAction(activity_id=city.activities[served].id, action_id=action, starts_on=FIRST)
                )
        starts_at = at(YEAR, 1 + len(city.sessions) % 12, 3)
        kind = SessionKind(each.kind)
        session = make_session(
            db_session, activity=city.activities[served], starts_at=starts_at, kind=kind, sensitive=each.sensitive
        )
        cards = () if each.sensitive else each.cards
        for number, adults, children in cards:
            make_attendance(db_session, session, f"{city.programme.id} household {number}", adults, children)
        if sum(each.others):
            make_attendance(db_session, session, None, *each.others)
        close(db_session, session)
        city.sessions.append((Sort(frozenset(served), each.kind, each.sensitive), session))
    fold_due(db_session, utc_now())
    db_session.commit()
