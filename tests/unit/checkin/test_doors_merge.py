"""Rule 12: two doors merge, whatever the order in which their scans arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as DbSession

from integration.checkin.models import Attendance, Source
from integration.checkin.queries import people_in
from integration.checkin.rules import NOBODY, People, Tally, counted
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from integration.registration.models import Card
from tests.factories.checkin import iso, make_card_with_places, make_device, make_running_session
from tests.factories.registration import make_card

NOW = utc_now()
SHARED_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
few = st.integers(0, 3)
some = st.builds(People, few, few)
PLACES = (People(2, 1), People(1, 0), None)
"""The cards of the test: two households that signed up, and one that did not."""


@dataclass(frozen=True)
class Step:
    """One thing that happened at a door: a card (None: people without one) or the undoing of a step."""

    card: int | None
    numbers: People | None
    beyond: People
    undoes: int | None = None


arrivals = st.builds(Step, st.sampled_from([0, 1, 2]), st.none() | some, some).filter(
    lambda step: step.numbers is None or step.numbers.total + step.beyond.total > 0
)
walk_ins = st.builds(Step, st.none(), some.filter(lambda people: people.total > 0), st.just(NOBODY))
undos = st.builds(Step, st.none(), st.none(), st.just(NOBODY), st.integers(0, 7))


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Step], list[list[tuple[int, int]]]]:
    """What happened, and batches of (door, step) in which it arrives: shuffled, repeated, split."""
    steps = draw(st.lists(st.one_of(arrivals, walk_ins, undos), min_size=1, max_size=8))
    numbers = list(range(len(steps)))
    sent: list[int] = [*draw(st.permutations(numbers)), *draw(st.lists(st.sampled_from(numbers), max_size=4))]
    doors: dict[int, int] = {number: draw(st.integers(0, 1)) for number in numbers}
    batches: list[list[tuple[int, int]]] = [[]]
    for number in sent:
        split: bool = draw(st.booleans())
        if batches[-1] and (split or batches[-1][0][0] != doors[number]):
            batches.append([])
        batches[-1].append((doors[number], number))
    return steps, batches


@SHARED_DATABASE
@given(happened=deliveries())
def test_any_order_gives_the_same_count(
    db_session: DbSession, happened: tuple[list[Step], list[list[tuple[int, int]]]]
) -> None:
    steps, batches = happened
    session = make_running_session(db_session, capacity=None)
    tokens = [f"{session.key}-A", f"{session.key}-B"]
    for token in tokens:
        make_device(db_session, session, token)
    cards = [
        make_card_with_places(db_session, session, *places)[0] if places else make_card(db_session) for places in PLACES
    ]
    lines = [_line(session.id, number, step, cards) for number, step in enumerate(steps)]
    for batch in batches:
        record_scans(db_session, tokens[batch[0][0]], [lines[number] for _door, number in batch], NOW)
    assert people_in(db_session, session.id) == _expected(steps)
    _first_scans_are_kept(db_session, session.id, steps, cards)


def _line(session_id: int, number: int, step: Step, cards: list[Card]) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": _id(session_id, number),
        "scanned_at": iso(NOW - timedelta(minutes=30 - number)),
    }
    if step.undoes is not None:
        return line | {"undoes": _id(session_id, step.undoes)}
    if step.numbers is not None:
        line |= step.numbers._asdict()
    if step.card is None:
        return line | {"kind": "walk_in"}
    return line | {"digest": cards[step.card].pass_digest, "beyond": step.beyond._asdict()}


def _id(session_id: int, number: int) -> str:
    return f"{session_id:08x}-0000-4000-8000-{number:012x}"


def _live(steps: list[Step]) -> dict[int, Step]:
    undone = {step.undoes for step in steps}
    return {number: step for number, step in enumerate(steps) if step.undoes is None and number not in undone}


def _expected(steps: list[Step]) -> People:
    """Adults and children as the rule says, computed from what happened and nothing else."""
    adults = children = 0
    live = _live(steps).values()
    for step in live:
        if step.card is None and step.numbers is not None:
            adults, children = adults + step.numbers.adults, children + step.numbers.children
    for card, places in enumerate(PLACES):
        own = [step for step in live if step.card == card]
        came = [step.numbers for step in own if step.numbers is not None]
        tally = Tally(
            places,
            sum(step.numbers is None for step in own),
            People(sum(each.adults for each in came), sum(each.children for each in came)),
            People(sum(step.beyond.adults for step in own), sum(step.beyond.children for step in own)),
        )
        within = tally.arrived.total
        if places is None:
            within += 1 if tally.whole else 0
        else:
            within = places.total if tally.whole else min(places.total, within)
        assert counted(tally).total == within + tally.beyond.total
        adults, children = adults + counted(tally).adults, children + counted(tally).children
    return People(adults, children)


def _first_scans_are_kept(db_session: DbSession, session_id: int, steps: list[Step], cards: list[Card]) -> None:
    live = _live(steps)
    for card, row in enumerate(cards):
        times = [NOW - timedelta(minutes=30 - number) for number, step in live.items() if step.card == card]
        if times:
            first_at = db_session.scalar(
                sa.select(Attendance.first_at).where(
                    Attendance.session_id == session_id, Attendance.visitor_key == row.visitor_key
                )
            )
            assert first_at == min(times)


numbers = st.integers(0, 12)
people = st.builds(People, numbers, numbers)


@SHARED_DATABASE
@given(places=st.none() | people, whole=st.integers(0, 2), arrived=people, beyond=people, marked=people)
def test_the_database_counts_as_the_rule_does(
    db_session: DbSession, places: People | None, whole: int, arrived: People, beyond: People, marked: People
) -> None:
    session = make_running_session(db_session)
    row = Attendance(
        session_id=session.id,
        visitor_key=f"key-{session.key}",
        source=Source.SCANNED,
        places_adults=places.adults if places else None,
        places_children=places.children if places else None,
        whole=whole,
        arrived_adults=arrived.adults,
        arrived_children=arrived.children,
        beyond_adults=beyond.adults,
        beyond_children=beyond.children,
        marked_adults=marked.adults,
        marked_children=marked.children,
        first_at=NOW,
    )
    db_session.add(row)
    db_session.flush()
    assert (row.adults, row.children) == counted(Tally(places, whole, arrived, beyond, marked=marked))
