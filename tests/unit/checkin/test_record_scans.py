"""Scans recorded by the service, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import SignUpMode
from integration.checkin.errors import BatchTooLong, UnknownDevice
from integration.checkin.models import Attendance, Scan
from integration.checkin.queries import people_in, session_counts, visitor_sets
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from tests.factories.activities import make_session
from tests.factories.checkin import (
    iso,
    make_card_with_places,
    make_device,
    make_running_session,
    scan_id,
    scan_of,
)
from tests.factories.registration import make_card, make_registration

TOKEN = "TOKEN-OF-THE-DOOR"
NOW = utc_now()


def send(db_session: DbSession, *scans: Any, token: str = TOKEN, now: Any = None) -> list[dict[str, Any]]:
    return record_scans(db_session, token, list(scans), now or NOW)


def statements_of(db_session: DbSession) -> list[str]:
    """A list that every statement of this session adds itself to, BEGIN not counted."""
    statements: list[str] = []

    def add(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN":
            statements.append(statement)

    sa.event.listen(db_session.get_bind(), "before_cursor_execute", add)
    return statements


def test_a_card_without_numbers_brings_its_whole_household(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    first, second = send(db_session, scan_of(card)), send(db_session, scan_of(card), now=NOW + timedelta(minutes=5))
    assert first[0]["result"] == "accepted"
    assert first[0]["added"] == {"adults": 2, "children": 1}
    assert second[0]["result"] == "already"
    assert second[0]["first_at"] == NOW.isoformat()
    assert second[0]["counted"] == second[0]["places"] == {"adults": 2, "children": 1}
    assert people_in(db_session, session.id) == (2, 1)


def test_the_short_code_is_the_same_card(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 1, 0)
    assert send(db_session, scan_of(card))[0]["result"] == "accepted"
    assert send(db_session, {"id": scan_id(7), "digest": card.code_digest})[0]["result"] == "already"


def test_sending_again_changes_nothing_and_gets_the_first_result(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 0)
    scan = scan_of(card, adults=2, children=0)
    first = send(db_session, scan)
    for again in (send(db_session, scan), send(db_session, scan, scan, {**scan, "adults": 9})):
        assert {answer["result"] for answer in again} == {first[0]["result"]} == {"accepted"}
    assert people_in(db_session, session.id).total == 2
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 1


def test_a_household_in_two_parts_and_more_than_signed_up(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    part = send(db_session, scan_of(card, adults=1, children=1))
    rest = send(db_session, scan_of(card))
    surplus = send(db_session, scan_of(card, adults=1))
    beyond = send(db_session, scan_of(card, adults=0, children=0, beyond={"adults": 1, "children": 2}))
    assert [each[0]["result"] for each in (part, rest, surplus, beyond)] == [
        "accepted",
        "accepted",
        "already",
        "accepted",
    ]
    assert surplus[0]["flag"] == "surplus"
    assert people_in(db_session, session.id) == (3, 3)


def test_surplus_people_are_flagged_and_not_counted(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 1, 0)
    answer = send(db_session, scan_of(card, adults=3))[0]
    assert (answer["result"], answer["flag"]) == ("flagged", "surplus")
    assert people_in(db_session, session.id).total == 1


def test_a_card_without_sign_up_counts_as_it_comes(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card = make_card(db_session)
    assert send(db_session, scan_of(card))[0]["result"] == "accepted"
    assert send(db_session, scan_of(card))[0]["result"] == "already"
    assert send(db_session, scan_of(card, adults=1, children=2))[0]["result"] == "accepted"
    assert people_in(db_session, session.id) == (2, 2)


def test_an_unknown_code_is_a_flagged_walk_in(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    answers = send(db_session, scan_of(digest="0" * 64), scan_of(digest="1" * 64, adults=2, children=1))
    assert {answer["result"] for answer in answers} == {"unknown"}
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.walk_in, counts.scanned, counts.identified, counts.total) == (4, 0, 0, 4)


def test_a_dead_card_is_unknown(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    card.revoked_at = NOW
    db_session.flush()
    assert send(db_session, scan_of(card))[0]["result"] == "unknown"


def test_walk_ins_and_headcounts_are_counted_apart(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    answers = send(
        db_session,
        scan_of(kind="walk_in"),
        scan_of(kind="walk_in", adults=0, children=1),
        scan_of(kind="headcount", adults=30, children=12),
        scan_of(kind="headcount"),
    )
    assert [answer["result"] for answer in answers] == ["accepted", "accepted", "accepted", "malformed"]
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.walk_in, counts.headcount, counts.adults, counts.children) == (2, 42, 31, 13)


def test_signed_up_for_another_date_is_let_in_and_said_kindly(db_session: DbSession) -> None:
    session = make_running_session(db_session, sign_up=SignUpMode.REQUIRED)
    make_device(db_session, session, TOKEN)
    other = make_session(db_session, title={"sv": "CV-klinik", "fi": "CV-klinikka"})
    card, _ = make_card_with_places(db_session, other, 2, 0)
    answer = send(db_session, scan_of(card))[0]
    assert (answer["result"], answer["flag"], answer["message"]) == ("flagged", "no_sign_up", "other")
    assert answer["other"] == {
        "title": {"sv": "CV-klinik", "fi": "CV-klinikka"},
        "starts_at": other.starts_at.isoformat(),
    }
    assert people_in(db_session, session.id).total == 1


def test_a_sensitive_session_keeps_no_card(db_session: DbSession) -> None:
    session = make_running_session(db_session, sensitive=True, sign_up=SignUpMode.NONE)
    make_device(db_session, session, TOKEN)
    card = make_card(db_session)
    answers = send(db_session, scan_of(card), scan_of(kind="headcount", adults=5), scan_of(kind="walk_in"))
    assert (answers[0]["result"], answers[0]["flag"]) == ("flagged", "sensitive")
    assert db_session.scalars(sa.select(Scan.visitor_key).where(Scan.visitor_key.is_not(None))).all() == []
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.headcount, counts.total) == (6, 6)
    assert visitor_sets(db_session, [session.id]) == []


def test_a_revoked_device_is_stored_flagged_and_uncounted(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN, revoked_at=NOW)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    answers = send(db_session, scan_of(card), scan_of(kind="walk_in"))
    assert {(answer["result"], answer["flag"]) for answer in answers} == {("flagged", "revoked")}
    assert people_in(db_session, session.id).total == 0
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 2


@pytest.mark.parametrize(
    ("made", "sent", "result", "flag", "people"),
    [
        (0, timedelta(0), "accepted", None, 1),
        (0, timedelta(days=13), "accepted", None, 1),
        (0, timedelta(days=15), "flagged", "late", 0),
        (9, timedelta(days=1), "flagged", "window", 0),
        (-50, timedelta(0), "flagged", "clock", 1),
    ],
)
def test_scans_made_in_the_window_are_taken_for_fourteen_days(
    db_session: DbSession, made: int, sent: timedelta, result: str, flag: str | None, people: int
) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    scan = scan_of(kind="walk_in", scanned_at=iso(NOW + timedelta(hours=made)))
    answer = send(db_session, scan, now=NOW + sent)[0]
    assert (answer["result"], answer.get("flag")) == (result, flag)
    assert people_in(db_session, session.id).total == people


def test_undo_takes_back_before_and_after_its_scan(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    send(db_session, scan_of(card, id=scan_id(1)))
    send(db_session, scan_of(kind="walk_in", id=scan_id(2)))
    send(db_session, scan_of(undoes=scan_id(1)), scan_of(undoes=scan_id(2)), scan_of(undoes=scan_id(1)))
    assert people_in(db_session, session.id).total == 0
    send(db_session, scan_of(undoes=scan_id(3)))
    send(db_session, scan_of(card, id=scan_id(3)))
    assert people_in(db_session, session.id).total == 0
    send(db_session, scan_of(card))
    assert people_in(db_session, session.id).total == 3


def test_nobody_undoes_another_sessions_scan(db_session: DbSession) -> None:
    here, there = make_running_session(db_session), make_running_session(db_session)
    make_device(db_session, here, TOKEN)
    make_device(db_session, there, "OTHER")
    send(db_session, scan_of(kind="walk_in", id=scan_id(1)))
    send(db_session, scan_of(undoes=scan_id(1)), token="OTHER")
    assert people_in(db_session, here.id).total == 1


def test_an_unknown_device_and_an_endless_batch_are_refused(db_session: DbSession) -> None:
    with pytest.raises(UnknownDevice):
        send(db_session, scan_of(kind="walk_in"), token="NOBODY")
    with pytest.raises(UnknownDevice):
        send(db_session, token="NOBODY")
    with pytest.raises(BatchTooLong):
        send(db_session, *[scan_of(kind="walk_in")] * 2001)


HOSTILE: list[Any] = [
    None,
    7,
    "scan",
    [],
    {},
    {"id": "x", "kind": "walk_in"},
    {"id": scan_id(1)},
    {"id": scan_id(1), "kind": "party"},
    {"id": scan_id(1), "kind": ["walk_in"]},
    {"id": scan_id(1), "kind": "walk_in", "adults": -1},
    {"id": scan_id(1), "kind": "walk_in", "adults": 1e9},
    {"id": scan_id(1), "kind": "walk_in", "adults": 10**9},
    {"id": scan_id(1), "kind": "walk_in", "adults": True},
    {"id": scan_id(1), "kind": "walk_in", "adults": "två"},
    {"id": scan_id(1), "kind": "walk_in", "adults": 0},
    {"id": scan_id(1), "digest": "\x00" * 64},
    {"id": scan_id(1), "digest": {"$ne": ""}},
    {"id": scan_id(1) + "\n", "kind": "walk_in"},
    {"id": scan_id(1), "undoes": "that one"},
    {"id": scan_id(1), "kind": "walk_in", "scanned_at": "yesterday"},
    {"id": scan_id(1), "kind": "walk_in", "scanned_at": "0001-01-01T00:00:00+14:00"},
    {"id": scan_id(1), "kind": "walk_in", "scanned_at": 5},
    {"id": scan_id(1), "digest": "0" * 64, "beyond": [1]},
    {"id": "\ud800", "kind": "walk_in"},
]


def test_a_malformed_line_never_fails_its_batch(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    answers = send(db_session, *HOSTILE, scan_of(kind="walk_in", id=scan_id(2)))
    assert [answer["result"] for answer in answers] == ["malformed"] * len(HOSTILE) + ["accepted"]
    assert all(answer["detail"] for answer in answers[:-1])
    assert people_in(db_session, session.id).total == 1


def test_a_long_queue_is_a_handful_of_statements(db_session: DbSession) -> None:
    session = make_running_session(db_session, capacity=None)
    make_device(db_session, session, TOKEN)
    cards = [make_card_with_places(db_session, session, 2, 1)[0] for _ in range(30)]
    db_session.commit()
    scans = [scan_of(card) for card in cards] + [scan_of(kind="walk_in") for _ in range(470)]
    statements = statements_of(db_session)
    answers = send(db_session, *scans)
    assert {answer["result"] for answer in answers} == {"accepted"}
    assert people_in(db_session, session.id) == (60 + 470, 30)
    assert len(statements) <= 12


@pytest.mark.parametrize("signed_up", [True, False])
def test_one_check_in_is_at_most_four_statements(db_session: DbSession, signed_up: bool) -> None:
    session = make_running_session(db_session, sign_up=SignUpMode.REQUIRED)
    make_device(db_session, session, TOKEN)
    card, registration = make_card_with_places(db_session, session if signed_up else make_session(db_session), 2, 1)
    db_session.commit()
    statements = statements_of(db_session)
    send(db_session, scan_of(card))
    assert len(statements) == (3 if signed_up else 4), statements
    statements.clear()
    send(db_session, scan_of(card))
    assert len(statements) <= 4, statements
    assert registration.adults == 2


def test_cancelled_places_do_not_count(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card = make_card(db_session)
    make_registration(db_session, session, card.household, cancelled_at=NOW)
    answer = send(db_session, scan_of(card))[0]
    assert (answer["result"], answer["places"]) == ("accepted", None)
    row = db_session.scalars(sa.select(Attendance)).one()
    assert (row.adults, row.children, row.places_adults) == (1, 0, None)
