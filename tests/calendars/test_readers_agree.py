"""Every reader shows every session as the database has it: moved, cancelled, restored, over both nights of DST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient

from integration.activities import models as activities
from integration.activities.models import Session, SessionStatus
from integration.activities.services import cancel_session, create_session, move_session, restore_session
from integration.kernel.database import DbSession
from tests.calendars.acting import act
from tests.calendars.phone import Phone, Shown
from tests.calendars.readers import READERS, Seen
from tests.factories.activities import make_activity
from tests.fixtures.servers import over_http
from tests.sampling import sample

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
SPRING, AUTUMN = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
VERBS: tuple[Callable[..., None], ...] = (cancel_session, restore_session, move_session)
PREFIX = {"sv": "INSTÄLLT: ", "fi": "PERUTTU: ", "en": "CANCELLED: "}


@pytest.mark.parametrize(("seed", "language"), sample(((seed, ["sv", "fi", "en"][seed % 3]) for seed in range(21)), 7))
def test_all_readers_agree_with_the_database(
    app: Flask, client: FlaskClient, db_session: DbSession, tmp_path: Path, seed: int, language: str
) -> None:
    sessions = random_series(app, db_session, Random(seed))
    answer = client.get(f"/calendar/all.ics?lang={language}")
    expected = sorted(seen(session, language) for session in sessions)
    for read in READERS:
        assert read(answer.text) == expected, read.__name__
    with over_http(app) as site:
        phone = Phone(tmp_path, f"{site}/calendar/all.ics?lang={language}")
        phone.poll()
    assert phone.shows("2026-08-01", "2027-08-01") == sorted(shown(session, language) for session in sessions)


def random_series(app: Flask, db_session: DbSession, random: Random) -> list[Session]:
    """Sessions around the two nights, some in the very hour that is skipped or comes twice, with random lives."""
    activity = make_activity(db_session, title={"sv": "Kafé; öppet, alla", "fi": "Kahvila", "en": "Café"})
    db_session.commit()
    return [a_life(app, db_session, activity.id, random) for _each in range(12)]


def a_life(app: Flask, db_session: DbSession, activity_id: int, random: Random) -> Session:
    """One session, made, then perhaps moved, cancelled, restored."""
    session: Session = act(
        app, db_session, create_session, db_session.get_one(activities.Activity, activity_id), a_moment(random), now=NOW
    )
    for _step in range(random.randrange(4)):
        now = NOW + timedelta(hours=random.randrange(1, 500))
        verb = random.choice(VERBS)
        if verb is not move_session:
            act(app, db_session, verb, session, now=now)
        elif session.status == SessionStatus.PLANNED:
            start = a_moment(random)
            end = start + timedelta(minutes=random.choice([30, 120, 600]))
            act(app, db_session, verb, session, start, end, venue_id=session.venue_id, now=now)
    return session


def a_moment(random: Random) -> datetime:
    """Near one of the two changes, to the half hour; or weeks away from them."""
    near = random.choice([SPRING, AUTUMN])
    reach = random.choice([3, 3, 1000])
    return near + timedelta(minutes=30 * random.randrange(-reach, reach + 1))


def seen(session: Session, language: str) -> Seen:
    """The session as a reader should show it."""
    cancelled = session.status == SessionStatus.CANCELLED
    title = session.activity.title[language]
    return Seen(
        f"{session.key}@session.delaktig",
        session.starts_at,
        session.ends_at,
        "CANCELLED" if cancelled else "CONFIRMED",
        session.sequence,
        PREFIX[language] + title if cancelled else title,
    )


def shown(session: Session, language: str) -> Shown:
    """The session as a phone should show it; khal keeps numbers of changes to itself."""
    facts = seen(session, language)
    return Shown(session.key, facts.starts_at, facts.ends_at, facts.status, facts.summary)
