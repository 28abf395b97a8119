"""The verbs of sessions: what they change, what they refuse, and whom they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Role
from integration.activities import services
from integration.activities.errors import (
    SensitiveTakesNoSignUp,
    SessionCancelledAlready,
    SessionEndsBeforeItStarts,
    SessionFull,
)
from integration.activities.events import SessionCancelled, SessionChanged, SessionFactsChanged
from integration.activities.models import LanguageSupport, Session, SessionPartner, SessionStatus, SignUpMode
from integration.activities.queries import places_left, session_by_key
from integration.activities.rules import details_of_activity, details_of_session, over_by
from integration.audit.models import AuditEntry
from integration.kernel import events
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from tests.factories.activities import make_activity, make_session, make_venue
from tests.factories.actors import make_actor
from tests.factories.organisations import make_organisation

NOW = utc_now()
HOUR = timedelta(hours=1)


@pytest.fixture
def news() -> Iterator[list[Any]]:
    """What is published meanwhile, and nobody reacts."""
    heard: list[Any] = []
    before = dict(events._reactions)
    kinds = (SessionChanged, SessionCancelled, SessionFactsChanged)
    events.connect({kind: (lambda _db_session, what: heard.append(what),) for kind in kinds})
    yield heard
    events.connect(before)


def test_a_new_session_is_as_its_activity_says(db_session: DbSession, news: list[Any]) -> None:
    partner = make_organisation(db_session)
    activity = make_activity(db_session, partners=[partner.id], languages=["sv", "ar"], capacity=7)
    session = services.create_session(db_session, make_actor(), activity, NOW, now=NOW)
    found = session_by_key(db_session, session.key)
    assert found.ends_at - found.starts_at == timedelta(minutes=activity.duration_minutes)
    assert (found.places.capacity, found.places.taken, found.languages) == (7, 0, ["sv", "ar"])
    assert [each.organisation_id for each in found.partners] == [partner.id]
    assert (found.sequence, found.status, found.title) == (0, SessionStatus.PLANNED, None)
    assert news == [SessionChanged(session.id, NOW), SessionFactsChanged(session.id, NOW)]


def test_moving_keeps_the_occurrence_and_raises_the_sequence(db_session: DbSession, news: list[Any]) -> None:
    session, venue = make_session(db_session), make_venue(db_session)
    session.occurrence_on = session.local_on
    occurrence_on, later = session.local_on, session.starts_at + timedelta(days=1)
    services.move_session(db_session, make_actor(), session, later, later + HOUR, venue_id=venue.id, now=NOW + HOUR)
    assert (session.occurrence_on, session.local_on) == (occurrence_on, occurrence_on + timedelta(days=1))
    assert (session.sequence, session.modified_at, session.venue) == (1, NOW + HOUR, venue)
    assert {type(each) for each in news} == {SessionChanged, SessionFactsChanged}


def test_moving_nowhere_changes_nothing(db_session: DbSession, news: list[Any]) -> None:
    session = make_session(db_session)
    services.move_session(
        db_session,
        make_actor(),
        session,
        session.starts_at,
        session.ends_at,
        venue_id=session.venue_id,
        now=NOW + HOUR,
    )
    assert session.sequence == 0
    assert news == []


def test_cancelling_and_restoring(db_session: DbSession, news: list[Any]) -> None:
    session, actor = make_session(db_session), make_actor()
    services.cancel_session(db_session, actor, session, now=NOW)
    services.cancel_session(db_session, actor, session, now=NOW)
    assert (session.status, session.sequence) == (SessionStatus.CANCELLED, 1)
    assert news.count(SessionCancelled(session.id, NOW)) == 1
    with pytest.raises(SessionCancelledAlready):
        services.move_session(db_session, actor, session, NOW, NOW + HOUR, venue_id=None, now=NOW)
    services.restore_session(db_session, actor, session, now=NOW)
    assert (session.status, session.sequence) == (SessionStatus.PLANNED, 2)
    actions = db_session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["activities.session_cancelled", "activities.session_restored"]


def test_cancelling_waits_for_no_second_language(db_session: DbSession) -> None:
    activity = make_activity(db_session, title={"sv": "Kafé"}, description={}, venue=None)
    session = make_session(db_session, activity=activity)
    services.cancel_session(db_session, make_actor(), session, now=NOW)
    assert session.status == SessionStatus.CANCELLED


def test_sign_up_is_closed_and_opened_without_moving_calendars(db_session: DbSession, news: list[Any]) -> None:
    session, actor = make_session(db_session), make_actor()
    services.close_sign_up(db_session, actor, session, now=NOW + HOUR)
    assert (session.sign_up_closed, session.sequence, session.modified_at) == (True, 0, NOW + HOUR)
    services.open_sign_up(db_session, actor, session, now=NOW)
    assert not session.sign_up_closed
    assert news == [SessionChanged(session.id, NOW + HOUR), SessionChanged(session.id, NOW)]


def test_lowering_the_capacity_drops_nobody(db_session: DbSession) -> None:
    session = make_session(db_session, capacity=20, taken=12)
    services.change_capacity(db_session, make_actor(), session, 10, now=NOW)
    assert (session.places.taken, over_by(session.places), places_left(db_session, session.id)) == (12, 2, 0)
    with pytest.raises(SessionFull):
        services.take_places(db_session, session.id, 1)


def test_editing_raises_the_sequence_only_for_what_a_calendar_shows(db_session: DbSession, news: list[Any]) -> None:
    session, actor = make_session(db_session), make_actor()
    own = details_of_session(session)
    services.edit_session(db_session, actor, session, own, now=NOW)
    services.edit_session(db_session, actor, session, replace(own, group_name="Alfa"), now=NOW)
    assert session.sequence == 0
    assert SessionFactsChanged(session.id, NOW) in news
    news.clear()
    title = {"sv": "Te", "fi": "Teetä"}
    services.edit_session(db_session, actor, session, replace(own, group_name="Alfa", title=title), now=NOW)
    assert session.sequence == 1
    assert news == [SessionChanged(session.id, NOW)]


def test_a_partner_confirmed_present_stays_confirmed_when_the_session_is_edited(db_session: DbSession) -> None:
    first, second = make_organisation(db_session), make_organisation(db_session)
    session = make_session(db_session, partners={first.id: True})
    details = replace(details_of_session(session), partner_ids=frozenset({first.id, second.id}))
    services.edit_session(db_session, make_actor(), session, details, now=NOW)
    assert _presence(db_session, session) == {first.id: True, second.id: None}


def test_confirming_partners_says_who_was_there(db_session: DbSession, news: list[Any]) -> None:
    expected, absent, surprise = (make_organisation(db_session).id for _ in range(3))
    session = make_session(db_session, partners={expected: None, absent: None})
    services.confirm_partners(db_session, session.id, {expected, surprise}, NOW)
    assert _presence(db_session, session) == {expected: True, absent: False, surprise: True}
    assert news == [SessionFactsChanged(session.id, NOW)]


def test_language_support_is_recorded_as_it_was(db_session: DbSession, news: list[Any]) -> None:
    session = make_session(db_session)
    services.record_language_support(db_session, session.id, [LanguageSupport.INTERPRETER], NOW)
    assert session.language_support == ["interpreter"]
    assert news == [SessionFactsChanged(session.id, NOW)]
    with pytest.raises(NotFound):
        services.record_language_support(db_session, session.id + 1, [], NOW)


def test_a_session_that_cannot_be_is_refused(db_session: DbSession) -> None:
    activity, actor = make_activity(db_session), make_actor()
    with pytest.raises(SessionEndsBeforeItStarts):
        services.create_session(db_session, actor, activity, NOW, now=NOW, ends_at=NOW)
    sensitive = replace(details_of_activity(activity), sensitive=True, sign_up=SignUpMode.REQUIRED)
    with pytest.raises(SensitiveTakesNoSignUp):
        services.create_session(db_session, actor, activity, NOW, now=NOW, details=sensitive)


VERBS: dict[str, Callable[[DbSession, Actor, Session], object]] = {
    "create": lambda d, actor, session: services.create_session(d, actor, session.activity, NOW, now=NOW),
    "edit": lambda d, actor, session: services.edit_session(d, actor, session, details_of_session(session), now=NOW),
    "move": lambda d, actor, session: services.move_session(d, actor, session, NOW, NOW + HOUR, venue_id=None, now=NOW),
    "cancel": lambda d, actor, session: services.cancel_session(d, actor, session, now=NOW),
    "restore": lambda d, actor, session: services.restore_session(d, actor, session, now=NOW),
    "close sign-up": lambda d, actor, session: services.close_sign_up(d, actor, session, now=NOW),
    "open sign-up": lambda d, actor, session: services.open_sign_up(d, actor, session, now=NOW),
    "capacity": lambda d, actor, session: services.change_capacity(d, actor, session, 1, now=NOW),
}


def test_nobody_touches_another_organisations_session(db_session: DbSession) -> None:
    session, other = make_session(db_session), make_organisation(db_session)
    strangers = (make_actor(Role.ORGANISER, other.id), make_actor(Role.COUNCIL), make_actor(Role.OWNER))
    own = make_actor(Role.ORGANISER, session.activity.organisation_id)
    for verb in VERBS.values():
        for stranger in strangers:
            with pytest.raises(NotPermitted):
                verb(db_session, stranger, session)
    for name in VERBS.keys() - {"move"}:
        VERBS[name](db_session, own, session)


def test_places_are_taken_for_the_whole_family_or_not_at_all(db_session: DbSession) -> None:
    session = make_session(db_session, capacity=10, taken=6, offered=2)
    with pytest.raises(SessionFull) as refusal:
        services.take_places(db_session, session.id, 3)
    assert refusal.value.places_left == 2
    services.take_places(db_session, session.id, 2)
    assert places_left(db_session, session.id) == 0
    services.release_places(db_session, session.id, 8)
    assert places_left(db_session, session.id) == 8
    with pytest.raises(sa.exc.IntegrityError):
        services.release_places(db_session, session.id, 1)


def test_without_a_limit_there_is_always_room(db_session: DbSession) -> None:
    session = make_session(db_session, capacity=None)
    services.take_places(db_session, session.id, 5000)
    assert places_left(db_session, session.id) is None


def _presence(db_session: DbSession, session: Session) -> dict[int, bool | None]:
    rows = db_session.scalars(sa.select(SessionPartner).where(SessionPartner.session_id == session.id))
    return {each.organisation_id: each.present for each in rows}
