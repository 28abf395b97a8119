"""A phone that subscribes shows the truth after each poll, whatever happens to a session meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from integration.activities.services import cancel_session, create_session, move_session, restore_session
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from tests.calendars.acting import act
from tests.calendars.phone import Phone, Shown
from tests.factories.activities import make_activity
from tests.fixtures.servers import Server

START = datetime(2026, 12, 4, 16, tzinfo=UTC)
END = START + timedelta(hours=2)
LATER, LATER_END = START + timedelta(days=1, hours=1), END + timedelta(days=1, hours=3)


def test_a_subscribed_phone_follows(
    app: Flask, db_session: DbSession, server: Callable[..., Server], tmp_path: Path
) -> None:
    """Over the production server, with the phone's own programs."""
    activity = make_activity(db_session, title={"sv": "Kafé", "fi": "Kahvila", "en": "Café"})
    db_session.commit()
    phone = Phone(tmp_path, f"{server().url}/calendar/activities/{activity.slug}.ics?lang=fi&alarm=60")
    session = act(app, db_session, create_session, activity, START, now=utc_now())
    assert seen_after_a_poll(phone) == [Shown(session.key, START, END, "CONFIRMED", "Kahvila")]
    act(app, db_session, move_session, session, LATER, LATER_END, venue_id=session.venue_id, now=utc_now())
    assert seen_after_a_poll(phone) == [Shown(session.key, LATER, LATER_END, "CONFIRMED", "Kahvila")]
    act(app, db_session, cancel_session, session, now=utc_now())
    assert seen_after_a_poll(phone) == [Shown(session.key, LATER, LATER_END, "CANCELLED", "PERUTTU: Kahvila")]
    act(app, db_session, restore_session, session, now=utc_now())
    assert seen_after_a_poll(phone) == [Shown(session.key, LATER, LATER_END, "CONFIRMED", "Kahvila")]


def seen_after_a_poll(phone: Phone) -> list[Shown]:
    """What stands on the phone when it has looked again."""
    phone.poll()
    return phone.shows("2026-11-01", "2027-02-01")
