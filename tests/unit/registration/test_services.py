"""Signing up and giving back, where the database has the last word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionStatus, SignUpMode
from integration.kernel import events
from integration.kernel.clock import utc_now
from integration.kernel.errors import NotFound
from integration.registration import services
from integration.registration.cards import derived_codes, feed_token
from integration.registration.errors import (
    AlreadyRegistered,
    DropIn,
    NotAnybody,
    SensitiveSession,
    SessionIsCancelled,
    SessionPast,
    SignUpClosed,
)
from integration.registration.events import HouseholdRegistered, RegistrationCancelled
from integration.registration.models import Card, Household, Registration
from integration.registration.queries import (
    card_by_feed,
    card_by_link,
    card_by_pass,
    coming_registrations,
    live_registration,
)
from integration.registration.rules import People
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.settings import CARD_KEY

NOW = utc_now()


def register(db_session: DbSession, session: Session, household: Household | None = None, **over: Any) -> Any:
    values: dict[str, Any] = {
        "name": "Amina",
        "people": People(2, 1),
        "language": "sv",
        "form_token": "A" * 32,
        "card_key": CARD_KEY,
        "now": NOW,
    }
    return services.register(db_session, session, household, **{**values, **over})


def test_a_new_household_gets_a_card(db_session: DbSession) -> None:
    made = register(db_session, make_session(db_session))
    codes = derived_codes(CARD_KEY, made.card.id, made.card.issue)
    assert card_by_link(db_session, codes.link_secret).id == made.card.id
    assert card_by_pass(db_session, codes.pass_code).id == made.card.id
    assert made.card.household_id == made.registration.household_id


def test_a_household_that_comes_again_keeps_its_card(db_session: DbSession) -> None:
    card = make_card(db_session, make_household(db_session, name=None))
    made = register(db_session, make_session(db_session), card.household, name="Amina", email="a@example.com")
    assert made.card.id == card.id
    assert (card.household.name, card.household.email) == ("Amina", "a@example.com")
    assert len(db_session.scalars(sa.select(Card)).all()) == 1


def test_the_same_household_is_not_registered_twice(db_session: DbSession) -> None:
    session = make_session(db_session)
    card = make_card(db_session)
    first = register(db_session, session, card.household)
    with pytest.raises(AlreadyRegistered) as refused:
        register(db_session, session, card.household, form_token="B" * 32)
    assert refused.value.registration_id == first.registration.id


def test_two_sendings_that_cross_make_one(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one looks before the first is written: the unique digest decides, and the answer is the same."""
    session = make_session(db_session)
    first = register(db_session, session)
    looked: list[str] = []

    def blind_once(db_session: DbSession, form_digest: str) -> Registration | None:
        looked.append(form_digest)
        return None if len(looked) == 1 else first.registration

    monkeypatch.setattr("integration.registration.services.signing_up.registration_by_form", blind_once)
    second = register(db_session, session)
    assert second.registration.id == first.registration.id
    assert second.card.id == first.card.id
    assert len(db_session.scalars(sa.select(Household.id)).all()) == 1
    db_session.refresh(session.places)
    assert session.places.taken == 3


def test_a_household_that_crosses_itself_is_told(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(db_session)
    card = make_card(db_session)
    first = register(db_session, session, card.household)
    real = live_registration
    answers = iter([lambda *_all: None, real])
    monkeypatch.setattr(
        "integration.registration.services.signing_up.live_registration", lambda *all: next(answers)(*all)
    )
    with pytest.raises(AlreadyRegistered) as refused:
        register(db_session, session, card.household, form_token="B" * 32)
    assert refused.value.registration_id == first.registration.id


def test_a_short_code_that_is_taken_is_not_given_twice(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = make_card(db_session)
    household = make_household(db_session)
    numbers = iter([taken.id, taken.id, 4711])
    monkeypatch.setattr("integration.registration.services.cards.random_id", lambda: next(numbers))
    assert services.issue_card(db_session, household.id, CARD_KEY, NOW).id == 4711


@pytest.mark.parametrize(
    ("over", "reason"),
    [
        ({"status": SessionStatus.CANCELLED}, SessionIsCancelled),
        ({"starts_at": NOW - timedelta(hours=5)}, SessionPast),
        ({"sensitive": True}, SensitiveSession),
        ({"sign_up": SignUpMode.NONE}, DropIn),
        ({"sign_up_closed": True}, SignUpClosed),
        ({"capacity": 2}, SessionFull),
    ],
)
def test_every_refusal_has_its_name(db_session: DbSession, over: dict[str, Any], reason: type[Exception]) -> None:
    with pytest.raises(reason):
        register(db_session, make_session(db_session, **over))


def test_a_family_is_not_split_and_the_database_says_so(db_session: DbSession) -> None:
    """What the page knew may be old: the guard in the database counts."""
    session = make_session(db_session, capacity=4)
    known = session.places
    db_session.execute(sa.text("UPDATE session_places SET taken = 3"))
    assert known.taken == 0
    with pytest.raises(SessionFull) as refused:
        register(db_session, session)
    assert refused.value.places_left == 1


def test_without_a_limit_everybody_fits(db_session: DbSession) -> None:
    assert register(db_session, make_session(db_session, capacity=None), people=People(12, 0)).registration.adults == 12


def test_nobody_is_nobody(db_session: DbSession) -> None:
    with pytest.raises(NotAnybody):
        register(db_session, make_session(db_session), people=People(0, 0))


def test_news_travels(db_session: DbSession, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    reaction = (lambda _db_session, news: heard.append(news),)
    monkeypatch.setattr(events, "_reactions", {HouseholdRegistered: reaction, RegistrationCancelled: reaction})
    session = make_session(db_session)
    made = register(db_session, session).registration
    services.cancel_registration(db_session, made, session, NOW)
    services.cancel_registration(db_session, made, session, NOW)
    facts = (made.id, session.id, made.household_id, NOW)
    assert heard == [HouseholdRegistered(*facts), RegistrationCancelled(*facts)]


def test_what_is_over_is_not_coming(db_session: DbSession) -> None:
    household = make_household(db_session)
    coming = make_registration(db_session, make_session(db_session), household)
    make_registration(db_session, make_session(db_session, starts_at=NOW - timedelta(days=2)), household)
    make_registration(db_session, make_session(db_session), household, cancelled_at=NOW)
    assert [each.id for each, _session in coming_registrations(db_session, household.id, NOW)] == [coming.id]


def test_a_feed_belongs_to_a_living_card(db_session: DbSession) -> None:
    card = make_card(db_session)
    token = feed_token(CARD_KEY, card.id, card.issue)
    assert card_by_feed(db_session, CARD_KEY, token).id == card.id
    card.revoked_at = NOW
    db_session.flush()
    for wrong in (token, token[:-1], "x", f"{2**70:x}-A", feed_token(CARD_KEY, 5, 1)):
        with pytest.raises(NotFound):
            card_by_feed(db_session, CARD_KEY, wrong)
