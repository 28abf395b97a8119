"""Flagged scans and a person's word on them, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Role
from integration.activities.models import SignUpMode
from integration.checkin.errors import UnknownScan
from integration.checkin.models import Attendance, Scan, ScanDecision
from integration.checkin.queries import conflicts, flagged_scans, people_in
from integration.checkin.services import Batch, accept_scan, decide_scan, record_batch, record_scans, reject_scan
from integration.kernel.clock import utc_now
from tests.factories.checkin import iso, make_card_with_places, make_device, make_running_session, scan_id, scan_of
from tests.factories.registration import make_card

TOKEN, OTHER = "DOOR-A", "DOOR-B"
NOW = utc_now()
ACTOR = Actor(1, ((Role.COORDINATOR, None),))


def send(db_session: DbSession, *scans: Any, token: str = TOKEN, now: Any = None) -> list[dict[str, Any]]:
    return record_scans(db_session, token, list(scans), now or NOW)


def test_a_revoked_phones_scans_count_once_somebody_accepts_them(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN, revoked_at=NOW)
    card, _ = make_card_with_places(db_session, session, 2, 1)
    send(db_session, scan_of(card, id=scan_id(1)), scan_of(kind="walk_in", id=scan_id(2)))
    assert [each.id for each in flagged_scans(db_session, session.id)] == [scan_id(1), scan_id(2)]
    before = db_session.execute(sa.select(Scan.__table__).order_by(Scan.id)).all()
    accept_scan(db_session, scan_id(1), ACTOR, NOW)
    assert people_in(db_session, session.id) == (2, 1)
    reject_scan(db_session, scan_id(2), ACTOR, NOW)
    assert people_in(db_session, session.id) == (2, 1)
    assert flagged_scans(db_session, session.id) == []
    reject_scan(db_session, scan_id(1), ACTOR, NOW)
    accept_scan(db_session, scan_id(2), ACTOR, NOW)
    accept_scan(db_session, scan_id(2), ACTOR, NOW)
    assert people_in(db_session, session.id) == (1, 0)
    assert db_session.execute(sa.select(Scan.__table__).order_by(Scan.id)).all() == before, "scans never change"
    assert len(db_session.scalars(sa.select(ScanDecision)).all()) == 5


def test_an_accepted_undo_takes_back(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    make_device(db_session, session, OTHER, revoked_at=NOW)
    send(db_session, scan_of(kind="walk_in", id=scan_id(1)))
    send(db_session, scan_of(undoes=scan_id(1), id=scan_id(2)), token=OTHER)
    assert people_in(db_session, session.id).total == 1
    decide_scan(db_session, scan_id(2), True, ACTOR, NOW)
    assert people_in(db_session, session.id).total == 0
    decide_scan(db_session, scan_id(2), False, ACTOR, NOW)
    assert people_in(db_session, session.id).total == 1


def test_an_accepted_surplus_counts_beyond_the_places(db_session: DbSession) -> None:
    session = make_running_session(db_session, sign_up=SignUpMode.REQUIRED)
    make_device(db_session, session, TOKEN)
    card, _ = make_card_with_places(db_session, session, 2, 0)
    send(db_session, scan_of(card, adults=2))
    answer = send(db_session, scan_of(card, adults=1, id=scan_id(1)))[0]
    assert (answer["result"], answer["flag"]) == ("already", "surplus")
    accept_scan(db_session, scan_id(1), ACTOR, NOW)
    assert people_in(db_session, session.id).total == 3
    send(db_session, scan_of(undoes=scan_id(1)))
    assert people_in(db_session, session.id).total == 2


def test_the_earliest_scan_that_counts_is_the_first(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    card = make_card(db_session)
    early, late = NOW - timedelta(minutes=50), NOW - timedelta(minutes=5)
    send(db_session, scan_of(card, id=scan_id(1), scanned_at=iso(early)), scan_of(card, scanned_at=iso(late)))
    first = sa.select(Attendance.first_at).where(Attendance.visitor_key == card.visitor_key)
    assert db_session.scalar(first) == early
    reject_scan(db_session, scan_id(1), ACTOR, NOW)
    assert db_session.scalar(first) == late


def test_only_its_own_organisers_decide_and_only_on_what_is_there(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN, revoked_at=NOW)
    send(db_session, scan_of(kind="walk_in", id=scan_id(1)))
    stranger = Actor(2, ((Role.ORGANISER, session.activity.organisation_id + 1),))
    with pytest.raises(NotPermitted):
        accept_scan(db_session, scan_id(1), stranger, NOW)
    with pytest.raises(UnknownScan):
        accept_scan(db_session, scan_id(9), ACTOR, NOW)


def test_the_same_two_people_at_two_doors_are_listed_and_counted_once(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    make_device(db_session, session, OTHER)
    card, _ = make_card_with_places(db_session, session, 2, 0)
    later, _ = make_card_with_places(db_session, session, 2, 0)
    send(db_session, scan_of(card, adults=2, id=scan_id(1)), scan_of(later, adults=1))
    send(db_session, scan_of(card, adults=2, id=scan_id(2)), scan_of(later, adults=1), token=OTHER)
    assert people_in(db_session, session.id).total == 4, "the second adult of the other card came later"
    (conflict,) = conflicts(db_session, session.id)
    assert [scan.id for scan in conflict.scans] == [scan_id(1), scan_id(2)]
    assert len({scan.door for scan in conflict.scans}) == 2
    assert (conflict.places, conflict.counted) == ((2, 0), (2, 0))
    reject_scan(db_session, scan_id(2), ACTOR, NOW)
    assert conflicts(db_session, session.id) == []
    assert people_in(db_session, session.id).total == 4


@pytest.mark.parametrize("card_first", [True, False])
def test_this_is_one_i_counted(db_session: DbSession, card_first: bool) -> None:
    """In either order: the card's people stand in the place of the walk-in; undoing it gives the walk-in back."""
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    make_device(db_session, session, OTHER)
    card = make_card(db_session)
    walk_in = scan_of(kind="walk_in", id=scan_id(1), adults=0, children=1, age_group="7-12")
    link = scan_of(card, kind="link", links=scan_id(1), adults=0, children=1, id=scan_id(2))
    for scan in (link, walk_in) if card_first else (walk_in, link):
        send(db_session, scan)
    assert people_in(db_session, session.id) == (0, 1)
    assert db_session.scalar(sa.select(Attendance.visitor_key)) == card.visitor_key
    assert db_session.scalar(sa.select(Scan.age_group).where(Scan.id == scan_id(1))) == "7-12"
    send(db_session, link, walk_in, token=OTHER)
    assert people_in(db_session, session.id) == (0, 1)
    send(db_session, scan_of(undoes=scan_id(2)))
    assert people_in(db_session, session.id) == (0, 1)
    assert len(db_session.scalars(sa.select(Attendance).where(Attendance.scan_id == scan_id(1))).all()) == 1


@pytest.mark.parametrize("hours", [-5, 5, 30_000])
def test_a_clock_that_is_wrong_by_hours_is_corrected_and_order_is_kept(db_session: DbSession, hours: int) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, TOKEN)
    wrong = [NOW + timedelta(hours=hours, minutes=minute) for minute in (-40, -20)]
    cards = [make_card(db_session), make_card(db_session)]
    scans = [scan_of(card, scanned_at=iso(moment)) for card, moment in zip(cards, wrong, strict=True)]
    offset = -3600 * hours
    answers = record_batch(db_session, Batch(TOKEN, scans, NOW, offset))
    assert {answer["result"] for answer in answers} == {"accepted"}
    rows = db_session.execute(
        sa.select(Scan.scanned_at, Scan.happened_at, Scan.clock_offset).order_by(Scan.happened_at)
    )
    assert rows.all() == [(moment, moment - timedelta(hours=hours), offset) for moment in wrong]
