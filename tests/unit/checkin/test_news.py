"""Who counts hears of people who are counted after a session was folded or closed, and of nothing before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Actor, Role
from integration.checkin.events import AttendanceChanged
from integration.checkin.services import Report, close_session, mark_held, record_scans
from integration.kernel import events
from integration.kernel.clock import utc_now
from tests.factories.checkin import make_device, make_running_session, scan_of

NOW = utc_now()
COORDINATOR = Actor(account_id=1, roles=((Role.COORDINATOR, None),))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The sessions that AttendanceChanged told of."""
    sessions: list[int] = []

    def hear(_db_session: DbSession, news: Any) -> None:
        sessions.append(news.session_id)

    monkeypatch.setattr(events, "_reactions", {AttendanceChanged: (hear,)})
    yield sessions


def test_a_running_session_tells_nobody(db_session: DbSession, heard: list[int]) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, "T")
    record_scans(db_session, "T", [scan_of(kind="walk_in")], NOW)
    assert heard == []


def test_late_scans_closing_and_being_held_are_told(db_session: DbSession, heard: list[int]) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, "T")
    late = scan_of(kind="walk_in", scanned_at=NOW.isoformat())
    record_scans(db_session, "T", [late], session.ends_at + timedelta(minutes=5))
    assert heard == [session.id]
    record_scans(db_session, "T", [late], session.ends_at + timedelta(minutes=6))
    assert heard == [session.id], "sending again changes nothing"
    mark_held(db_session, session.ends_at + timedelta(hours=1))
    close_session(db_session, COORDINATOR, session, Report(held=True), NOW)
    assert heard == [session.id] * 3
    record_scans(db_session, "T", [scan_of(undoes=late["id"])], NOW)
    assert heard == [session.id] * 4
