"""Closing a session shows what it does to the programme's meters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from integration.accounts.rules import Role
from integration.activities.models import Activity, Session
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind, Measure, TargetForm, TargetPeriod
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import sign_in_as
from tests.factories.figures import close, computed, indicator, make_action, make_line, make_programme, serve, target

EVENING = datetime(2026, 11, 19, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _this_evening() -> Iterator[None]:
    with time_machine.travel(EVENING, tick=False):
        yield


@pytest.fixture
def cafe(db_session: DbSession) -> Activity:
    """A café that was held in nine of ten months; it also serves a line that somebody reports by hand."""
    programme = make_programme(db_session, slug="town")
    action = make_action(
        db_session, programme, title={"sv": "Kulturkafé", "fi": "Kulttuurikahvila", "en": "Culture café"}
    )
    monthly = computed(Measure.MONTHS, target(TargetForm.EXACT, TargetPeriod.MONTH, 1))
    make_line(db_session, action, monthly, slug="culture-cafe")
    fairs = make_action(db_session, programme, title={"sv": "Mässor", "fi": "Messut", "en": "Fairs"})
    make_line(db_session, fairs, computed(Measure.HELD, target(TargetForm.RANGE, TargetPeriod.YEAR, 4, 5)))
    make_line(db_session, fairs, indicator(IndicatorKind.REPORTED))
    activity = make_activity(db_session)
    serve(db_session, activity, action)
    serve(db_session, activity, fairs, date(2026, 11, 1))
    for month in (1, 2, 3, 4, 5, 6, 8, 9, 10):
        close(
            db_session, make_session(db_session, activity=activity, starts_at=datetime(2026, month, 5, 16, tzinfo=UTC))
        )
    return activity


@pytest.fixture
def tonight(db_session: DbSession, cafe: Activity) -> Session:
    """The café that just ended."""
    return make_session(db_session, activity=cafe, starts_at=datetime(2026, 11, 19, 15, tzinfo=UTC))


def effects(client: FlaskClient, session: Session) -> list[str]:
    """The panel's notes as a reader hears them."""
    page = client.get(f"/en/staff/sessions/{session.key}/closing").get_data(as_text=True)
    notes = re.findall(r'<div class="note plain effect">(.*?)</div></div>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", note).split()) for note in notes]


def test_the_panel_says_what_confirming_will_do_and_what_it_did(
    client: FlaskClient, db_session: DbSession, tonight: Session
) -> None:
    sign_in_as(client, db_session, Role.COORDINATOR)
    before = effects(client, tonight)
    assert before[0] == "Culture café , once a month November counts: 10 of 11 months this year. On course"
    assert "Now 1 this year; the target is 4–5." in before[1]
    assert len(before) == 2
    close(db_session, tonight)
    assert effects(client, tonight) == before


def test_a_session_that_was_not_held_does_nothing(client: FlaskClient, db_session: DbSession, tonight: Session) -> None:
    sign_in_as(client, db_session, Role.COORDINATOR)
    close(db_session, tonight, held=False)
    assert "9 of 11 months" in " ".join(effects(client, tonight))


def test_a_session_that_serves_nothing_shows_nothing(client: FlaskClient, db_session: DbSession) -> None:
    sign_in_as(client, db_session, Role.COORDINATOR)
    lonely = make_session(db_session, starts_at=datetime(2026, 11, 19, 15, tzinfo=UTC))
    assert effects(client, lonely) == []
