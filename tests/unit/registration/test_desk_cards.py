"""Cards from a desk, lost cards, and two cards that are one household's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from integration.activities.models import SessionPlaces
from integration.audit.models import AuditEntry
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, db, transaction
from integration.kernel.errors import NotFound
from integration.kernel.tokens import digest
from integration.mail.models import OutboxMessage
from integration.registration.cards import Codes, derived_codes, feed_token, is_short_code
from integration.registration.errors import SameHousehold
from integration.registration.models import Card, Household, Registration
from integration.registration.queries import card_by_feed, card_by_link, card_by_pass, card_by_short_code
from integration.registration.rules import People
from integration.registration.services import issue_blank_cards, merge_households, name_household, reissue_card
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.settings import CARD_KEY

Find = Callable[[DbSession, str], Card]


def codes_of(card: Card) -> Codes:
    return derived_codes(CARD_KEY, card.id, card.issue)


def ways_in(codes: Codes) -> list[tuple[Find, str]]:
    return [(card_by_link, codes.link_secret), (card_by_pass, codes.pass_code), (card_by_short_code, codes.short_code)]


def merge(db_session: DbSession, kept: Card, gone: Card) -> None:
    merge_households(db_session, kept, gone, account_id=None, now=utc_now())


def test_a_replaced_card_takes_every_old_secret_with_it(db_session: DbSession) -> None:
    card = make_card(db_session)
    old, old_feed, key = codes_of(card), feed_token(CARD_KEY, card.id, card.issue), card.visitor_key
    assert reissue_card(db_session, card, CARD_KEY, utc_now()).issue == 2
    for find, secret in ways_in(old):
        with pytest.raises(NotFound):
            find(db_session, secret)
    with pytest.raises(NotFound):
        card_by_feed(db_session, CARD_KEY, old_feed)
    for find, secret in ways_in(codes_of(card)):
        assert find(db_session, secret).id == card.id
    assert card_by_feed(db_session, CARD_KEY, feed_token(CARD_KEY, card.id, 2)).id == card.id
    assert card.visitor_key == key, "their visits stay theirs"


def test_the_new_link_is_told_to_the_stored_contact_once(db_session: DbSession) -> None:
    silent, reachable = make_card(db_session), make_card(db_session, make_household(db_session, email="a@example.com"))
    for card in (silent, reachable):
        reissue_card(db_session, card, CARD_KEY, utc_now())
    told = db_session.scalars(sa.select(OutboxMessage)).all()
    assert [(each.kind, each.recipient_id) for each in told] == [("card_reissued", reachable.household_id)]


def test_two_who_replace_one_card_at_once_get_one_new_card(app: Flask, db_session: DbSession) -> None:
    card_id = make_card(db_session).id
    db_session.commit()
    gate = Barrier(2)

    def replace(_number: int) -> int:
        with app.app_context():
            card = db.session.get_one(Card, card_id)
            db.session.expunge_all()
            db.session.rollback()
            gate.wait(timeout=30)
            with transaction() as own:
                return reissue_card(own, own.merge(card, load=False), CARD_KEY, utc_now()).issue

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(replace, range(2))) == [2, 2]
    db_session.expire_all()
    card = db_session.get_one(Card, card_id)
    assert card.link_digest == digest(codes_of(card).link_secret)


def test_a_second_press_replaces_nothing_more(db_session: DbSession) -> None:
    card = make_card(db_session)
    for _press in range(2):
        assert reissue_card(db_session, card, CARD_KEY, utc_now(), seen=1).issue == 2


def test_a_blank_card_lives_before_anybody_is_known(db_session: DbSession) -> None:
    cards = issue_blank_cards(db_session, 3, "so", CARD_KEY, utc_now())
    assert len({card.batch for card in cards}) == 1
    assert len({card.household_id for card in cards}) == 3
    for card in cards:
        code = codes_of(card).short_code
        assert is_short_code(code)
        assert card_by_short_code(db_session, code).id == card.id
        household = card.household
        assert (household.name, household.phone, household.email, household.language) == (None, None, None, "so")
    name_household(db_session, cards[0].household, name="Amina", phone=None, email=None, language="fi", now=utc_now())
    assert card_by_short_code(db_session, codes_of(cards[0]).short_code).household.name == "Amina"


def test_merging_moves_places_and_keeps_the_larger_of_two(db_session: DbSession) -> None:
    kept, gone = make_card(db_session), make_card(db_session, make_household(db_session, phone="+358401234567"))
    alone, both, past = (make_session(db_session, capacity=20) for _each in range(3))
    lonely = make_registration(db_session, alone, gone.household, people=People(1, 1))
    smaller = make_registration(db_session, both, kept.household, people=People(1, 0))
    larger = make_registration(db_session, both, gone.household, people=People(2, 2))
    leaver = gone.household_id
    merge(db_session, kept, gone)
    db_session.expire_all()
    assert db_session.get(Household, leaver) is None
    assert kept.household.phone == "+358401234567"
    live = db_session.scalars(sa.select(Registration).where(Registration.cancelled_at.is_(None))).all()
    assert {each.id for each in live} == {lonely.id, larger.id}
    assert {each.household_id for each in live} == {kept.household_id}
    assert db_session.get_one(Registration, smaller.id).household_id == kept.household_id
    taken = {each.session_id: each.taken for each in db_session.scalars(sa.select(SessionPlaces))}
    assert (taken[alone.id], taken[both.id], taken[past.id]) == (2, 4, 0)


def test_the_gone_card_dies_and_the_trail_has_ids_only(db_session: DbSession) -> None:
    kept, gone = make_card(db_session), make_card(db_session)
    leaver, old = gone.household_id, codes_of(gone)
    merge(db_session, kept, gone)
    for find, secret in ways_in(old):
        with pytest.raises(NotFound):
            find(db_session, secret)
    db_session.flush()
    (entry,) = db_session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "registration.households_merged"))
    assert (entry.subject_id, entry.facts) == (str(kept.household_id), {"gone": leaver})


def test_a_card_is_not_merged_with_itself_or_with_a_dead_one(db_session: DbSession) -> None:
    kept, gone, third = make_card(db_session), make_card(db_session), make_card(db_session)
    with pytest.raises(SameHousehold):
        merge(db_session, kept, kept)
    merge(db_session, kept, gone)
    with pytest.raises(NotFound):
        merge(db_session, third, gone)


def test_merging_a_past_session_needs_no_way_back(db_session: DbSession) -> None:
    kept, gone = make_card(db_session), make_card(db_session)
    past = make_session(db_session, capacity=20)
    for card in (kept, gone):
        make_registration(db_session, past, card.household, people=People(2, 0))
    past.starts_at, past.ends_at = utc_now() - timedelta(hours=3), utc_now() - timedelta(hours=1)
    db_session.flush()
    merge(db_session, kept, gone)
    assert db_session.scalars(sa.select(SessionPlaces.taken)).all() == [2]
