"""What is taken back after a year's visitor keys were cleared takes as many people away as it would have before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.checkin.errors import UntraceableScan
from integration.checkin.models import Attendance, Scan
from integration.checkin.queries import flagged_scans, people_in, session_counts
from integration.checkin.services import accept_scan, clear_visitor_keys, decide_scan, record_scans, reject_scan
from integration.kernel.clock import utc_now
from integration.registration.models import Card
from tests.factories.checkin import iso, make_card_with_places, make_device, make_running_session
from tests.factories.registration import make_card
from tests.factories.world import COORDINATOR
from tests.sampling import EVERYTHING

NOW = utc_now()
CAME: tuple[tuple[int | None, dict[str, Any]], ...] = (
    (0, {"adults": 2, "children": 0}),
    (0, {"adults": 2, "children": 0}),  # the same two, seen at the other door
    (1, {"adults": 1, "children": 1}),
    (1, {"adults": 3, "children": 1}),  # more than its places
    (2, {}),
    (2, {}),  # the whole household, shown twice
    (3, {}),  # a card without sign-up
    (1, {"adults": 0, "beyond": {"adults": 1, "children": 2}}),
    (None, {"kind": "walk_in", "adults": 3}),
)
"""(Card, line). The doors' words wait for a person where a phone was stopped, so its scans do not count yet."""
STOPPED = (1, 5, 6)

corrections = st.lists(
    st.tuples(st.sampled_from(["undo", "undo", "accept", "reject"]), st.integers(0, len(CAME) - 1)), max_size=8
)


def id_of(session: Session, number: int) -> str:
    return f"{session.id:08x}-0000-4000-8000-{number:012x}"


def evening(db_session: DbSession) -> Session:
    """Everybody has come, by two doors, one of which was stopped before it sent what it had read."""
    session = make_running_session(db_session, capacity=None)
    make_device(db_session, session, f"{session.key}-A")
    make_device(db_session, session, f"{session.key}-B", revoked_at=NOW - timedelta(minutes=1))
    cards: list[Card] = [make_card_with_places(db_session, session, *places)[0] for places in ((2, 0), (2, 1), (1, 1))]
    cards.append(make_card(db_session))
    for number, (card, line) in enumerate(CAME):
        told = {"id": id_of(session, number), "scanned_at": iso(NOW - timedelta(minutes=40 - number)), **line}
        told |= {} if card is None else {"digest": cards[card].pass_digest}
        record_scans(db_session, f"{session.key}-{'B' if number in STOPPED else 'A'}", [told], NOW)
    return session


def put_right(db_session: DbSession, session: Session, said: str, number: int) -> None:
    """The door takes a scan back, or the organiser decides on it."""
    if said == "undo":
        undo = {"id": id_of(session, 100 + number), "undoes": id_of(session, number), "scanned_at": iso(NOW)}
        record_scans(db_session, f"{session.key}-A", [undo], NOW + timedelta(days=3))
    else:
        decide_scan(db_session, id_of(session, number), said == "accept", COORDINATOR, NOW)


def counted(db_session: DbSession, session: Session) -> tuple[Any, ...]:
    """V, its mix, and what is tied to a card."""
    return people_in(db_session, session.id), session_counts(db_session, [session.id])[session.id]


def keys_of(db_session: DbSession, session: Session) -> set[str | None]:
    visits = db_session.scalars(sa.select(Attendance.visitor_key).where(Attendance.session_id == session.id))
    scans = db_session.scalars(sa.select(Scan.visitor_key).where(Scan.session_id == session.id))
    return {*visits, *scans}


@settings(max_examples=200 if EVERYTHING else 6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=corrections, after=corrections, again=st.randoms(use_true_random=False))
def test_corrections_count_the_same_with_and_without_keys(
    db_session: DbSession, before: list[tuple[str, int]], after: list[tuple[str, int]], again: Any
) -> None:
    kept, cleared = evening(db_session), evening(db_session)
    for session in (kept, cleared):
        for said, number in before:
            put_right(db_session, session, said, number)
    was = counted(db_session, cleared)
    clear_visitor_keys(db_session, [cleared.id])
    assert counted(db_session, cleared) == was == counted(db_session, kept), "who was counted stays counted"
    assert not keys_of(db_session, cleared) & {*db_session.scalars(sa.select(Card.visitor_key))}
    for said, number in after:
        put_right(db_session, kept, said, number)
        put_right(db_session, cleared, said, number)
        clear_visitor_keys(db_session, [cleared.id])  # as the news of it does, and nothing is lost by it
        assert counted(db_session, cleared) == counted(db_session, kept)

    undone = [each for each in {*before, *after} if each[0] == "undo"]
    again.shuffle(undone)
    for said, number in undone:
        put_right(db_session, cleared, said, number)
    assert counted(db_session, cleared) == counted(db_session, kept), "sent again: never double"


def test_a_scan_that_lost_its_visit_is_told_to_a_person(db_session: DbSession) -> None:
    """Years that were closed before visits took their scans along."""
    session = evening(db_session)
    clear_visitor_keys(db_session, [session.id])
    db_session.execute(sa.update(Scan).where(Scan.session_id == session.id).values(visitor_key=None))
    was = people_in(db_session, session.id)
    put_right(db_session, session, "undo", 2)
    (waiting,) = (each for each in flagged_scans(db_session, session.id) if each.flag == "untraceable")
    for word, scan_id in ((accept_scan, waiting.id), (reject_scan, id_of(session, 2))):
        with pytest.raises(UntraceableScan):
            word(db_session, scan_id, COORDINATOR, NOW)
    reject_scan(db_session, waiting.id, COORDINATOR, NOW)
    assert not [each for each in flagged_scans(db_session, session.id) if each.flag == "untraceable"]
    assert people_in(db_session, session.id) == was
    put_right(db_session, session, "undo", 8)
    assert people_in(db_session, session.id).adults == was.adults - 3, "people without a card are known by their scan"
