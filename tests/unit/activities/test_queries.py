"""What visitors find: published sessions only, in order, and nothing that is not whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from integration.activities.models import SessionStatus, SignUpMode, Visibility
from integration.activities.queries import (
    coming_choices,
    is_published,
    is_reachable,
    next_session,
    publication_gaps,
    session_by_key,
    upcoming_sessions,
)
from integration.activities.rules import FEW, PlacesState, places_state, takes_sign_up
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from tests.factories.activities import make_activity, make_session, make_venue

NOW = utc_now()
SV = {"sv": "Bara svenska"}

INCOMPLETE: dict[str, Mapping[str, Any]] = {
    "title": {"title": SV},
    "empty title": {"title": {"sv": "Kafé", "fi": ""}},
    "description": {"description": SV},
    "no description": {"description": {}},
    "no venue": {"venue": None},
}


def test_nothing_is_public_before_its_texts_are_whole(db_session: DbSession) -> None:
    for lack, over in INCOMPLETE.items():
        session = make_session(db_session, activity=make_activity(db_session, **over))
        assert publication_gaps(session), lack
        assert not is_published(session) and not is_reachable(session), lack
    assert upcoming_sessions(db_session, NOW) == []
    assert coming_choices(db_session, NOW) == []


def test_a_venue_needs_its_name_in_both_languages(db_session: DbSession) -> None:
    venue = make_venue(db_session, name=SV)
    session = make_session(db_session, activity=make_activity(db_session, venue=venue))
    assert [(gap.part, gap.language) for gap in publication_gaps(session)] == [("venue", "fi")]
    assert upcoming_sessions(db_session, NOW) == []


def test_a_session_online_needs_no_venue(db_session: DbSession) -> None:
    activity = make_activity(db_session, venue=None)
    session = make_session(db_session, activity=activity, online_url="https://example.com/room")
    assert upcoming_sessions(db_session, NOW) == [session]
    assert is_published(session)


def test_a_title_of_its_own_replaces_the_activitys_in_every_language(db_session: DbSession) -> None:
    session = make_session(db_session, title=SV)
    assert [(gap.part, gap.language) for gap in publication_gaps(session)] == [("title", "fi")]
    assert upcoming_sessions(db_session, NOW) == []
    session.title = {"sv": "Te", "fi": "Teetä"}
    db_session.flush()
    assert upcoming_sessions(db_session, NOW) == [session]


def test_only_public_sessions_that_have_not_ended_are_listed_by_time(db_session: DbSession) -> None:
    later = make_session(db_session, starts_at=NOW + timedelta(days=5))
    cancelled = make_session(db_session, starts_at=NOW + timedelta(days=3), status=SessionStatus.CANCELLED)
    running = make_session(db_session, starts_at=NOW - timedelta(hours=1))
    make_session(db_session, starts_at=NOW - timedelta(hours=3))
    make_session(db_session, visibility=Visibility.CLOSED)
    link = make_session(db_session, visibility=Visibility.LINK)
    assert upcoming_sessions(db_session, NOW) == [running, cancelled, later]
    assert upcoming_sessions(db_session, NOW, until=NOW + timedelta(days=4)) == [running, cancelled]
    assert is_reachable(link) and not is_published(link)


def test_filters_take_away(db_session: DbSession) -> None:
    arabic = make_session(db_session, activity=make_activity(db_session, languages=["sv", "ar"]))
    other = make_session(db_session)
    assert upcoming_sessions(db_session, NOW, language="ar") == [arabic]
    assert upcoming_sessions(db_session, NOW, language="a") == []
    assert upcoming_sessions(db_session, NOW, language="%") == []
    assert upcoming_sessions(db_session, NOW, activity=other.activity.slug) == [other]
    assert other.venue is not None
    assert upcoming_sessions(db_session, NOW, venue=other.venue.slug) == [other]
    assert upcoming_sessions(db_session, NOW, venue=other.venue.slug, language="ar") == []


def test_the_next_session_is_a_planned_one(db_session: DbSession) -> None:
    activity = make_activity(db_session)
    first = make_session(db_session, activity=activity, starts_at=NOW + timedelta(days=1))
    make_session(db_session, activity=activity, starts_at=NOW + timedelta(days=2), status=SessionStatus.CANCELLED)
    third = make_session(db_session, activity=activity, starts_at=NOW + timedelta(days=3))
    assert next_session(db_session, activity.id, NOW) == first
    assert next_session(db_session, activity.id, first.starts_at) == third
    assert next_session(db_session, activity.id, third.starts_at) is None


def test_an_unknown_key_is_not_found(db_session: DbSession) -> None:
    with pytest.raises(NotFound):
        session_by_key(db_session, "nothing")


STATES: list[tuple[dict[str, Any], PlacesState | None]] = [
    ({"sign_up": SignUpMode.NONE, "capacity": None}, PlacesState.OPEN),
    ({"sign_up": SignUpMode.NONE, "capacity": 20, "taken": 20}, PlacesState.OPEN),
    ({"sign_up": SignUpMode.OPEN, "capacity": None}, PlacesState.OPEN),
    ({"sign_up": SignUpMode.REQUIRED, "capacity": None}, None),
    ({"capacity": 20, "taken": 20 - FEW - 1}, PlacesState.PLACES),
    ({"capacity": 20, "taken": 20 - FEW}, PlacesState.FEW),
    ({"capacity": 20, "taken": 17, "offered": 2}, PlacesState.FEW),
    ({"capacity": 20, "taken": 18, "offered": 2}, PlacesState.FULL),
    ({"capacity": 20, "taken": 25}, PlacesState.FULL),
    ({"capacity": 20, "taken": 25, "status": SessionStatus.CANCELLED}, PlacesState.CANCELLED),
]


def test_one_word_about_the_places(db_session: DbSession) -> None:
    for over, state in STATES:
        assert places_state(make_session(db_session, **over)) == state, over


def test_sign_up_ends_with_the_session_or_before(db_session: DbSession) -> None:
    session = make_session(db_session, starts_at=NOW - timedelta(minutes=30))
    assert takes_sign_up(session, NOW)
    assert not takes_sign_up(session, session.ends_at)
    for change in ({"sensitive": True}, {"sign_up_closed": True}, {"sign_up": SignUpMode.NONE}):
        assert not takes_sign_up(make_session(db_session, **change), NOW)
