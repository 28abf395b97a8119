"""However phones deliver what they saw - twice, shuffled, split over two, a week late - the count is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as DbSession

from integration.checkin.models import Attendance
from integration.checkin.queries import conflicts, people_in, session_counts
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from integration.registration.models import Card
from tests.factories.checkin import iso, make_card_with_places, make_device, make_running_session
from tests.factories.registration import make_card
from tests.sampling import EVERYTHING

NOW = utc_now()
MANY, FEW = 300, 12
SHARED_DATABASE = settings(
    max_examples=MANY if EVERYTHING else FEW, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HAPPENED: tuple[tuple[int | None, dict[str, Any]], ...] = (
    (0, {"adults": 2, "children": 0}),
    (0, {"adults": 2, "children": 0}),  # the same two, seen at the other door
    (1, {"adults": 1, "children": 1}),
    (1, {"adults": 1, "children": 0}),  # the second adult, later
    (2, {}),
    (None, {"kind": "walk_in"}),
    (None, {"kind": "walk_in", "adults": 0, "children": 1}),
    (3, {"adults": 0, "children": 1, "instead_of": 6}),  # "this is one I counted"
    (None, {"kind": "walk_in", "adults": 3}),
    (None, {"undoes": 8}),
    (3, {"adults": 1, "instead_of": 5}),
    (None, {"undoes": 10}),  # and so the walk-in counts again
    (2, {"adults": 0, "beyond": {"adults": 1, "children": 2}}),
)
"""A whole evening: (card, line); numbers in ``undoes`` and ``instead_of`` are places in this list."""
DOORS = ("A", "B")


def lines(prefix: str, cards: list[Card]) -> list[dict[str, Any]]:
    """The evening as phones tell it."""

    def scan_id(number: int) -> str:
        return f"{prefix}-0000-4000-8000-{number:012x}"

    told = []
    for number, (card, line) in enumerate(HAPPENED):
        scan = {"id": scan_id(number), "scanned_at": iso(NOW - timedelta(minutes=40 - number)), **line}
        scan |= {name: scan_id(line[name]) for name in ("undoes", "instead_of") if name in line}
        told.append(scan if card is None else {**scan, "digest": cards[card].pass_digest})
    return told


numbers = range(len(HAPPENED))
deliveries = st.tuples(
    st.permutations(numbers),  # shuffled
    st.lists(st.sampled_from(DOORS), min_size=len(HAPPENED), max_size=len(HAPPENED)),  # split over two phones
    st.lists(st.integers(0, 8), min_size=len(HAPPENED), max_size=len(HAPPENED)),  # sent on which day
    st.lists(st.sampled_from(numbers), max_size=6),  # and some again
)


@SHARED_DATABASE
@given(delivery=deliveries)
def test_any_delivery_gives_the_same_count(db_session: DbSession, delivery: Any) -> None:
    order, doors, days, again = delivery
    session = make_running_session(db_session, capacity=None)
    for door in DOORS:
        make_device(db_session, session, f"{session.key}-{door}")
    cards = [make_card_with_places(db_session, session, *places)[0] for places in ((2, 0), (2, 1), (1, 0))]
    cards.append(make_card(db_session))
    told = lines(f"{session.id:08x}", cards)
    answers: dict[str, str] = {}
    for number in sorted([*order, *again], key=lambda number: days[number]):
        now = NOW + timedelta(days=days[number])
        (answer,) = record_scans(db_session, f"{session.key}-{doors[number]}", [told[number]], now)
        assert answers.setdefault(answer["id"], answer["result"]) == answer["result"]
    for door in DOORS:  # a week later both phones send everything once more, each all of it
        for answer in record_scans(db_session, f"{session.key}-{door}", told, NOW + timedelta(days=9)):
            assert answers[answer["id"]] == answer["result"]
    counts = session_counts(db_session, [session.id])[session.id]
    assert people_in(db_session, session.id) == (2 + 2 + 1 + 1 + 1, 1 + 1 + 2)
    assert (counts.scanned, counts.walk_in, counts.identified) == (10, 1, 10)
    firsts = dict(db_session.execute(sa.select(Attendance.visitor_key, Attendance.first_at)).all())
    for card, first in ((0, 0), (1, 2), (2, 4), (3, 7)):
        assert firsts[cards[card].visitor_key] == NOW - timedelta(minutes=40 - first)
    listed = {scan.id for conflict in conflicts(db_session, session.id) for scan in conflict.scans}
    if doors[0] != doors[1]:
        assert {told[0]["id"], told[1]["id"]} <= listed
