"""A household that marks itself and the doors that scan its card: the same people, in whatever order they are told."""

from __future__ import annotations

from itertools import permutations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.accounts.rules import Role
from integration.activities.models import Session
from integration.checkin.models import Scan, ScanKind
from integration.checkin.queries import conflicts, people_in, session_counts
from integration.checkin.rules import As, MarkedCard, People
from integration.checkin.services import record_scans, reject_scan
from integration.checkin.services.self_check_in import code_secret, mark_themselves, renew_code
from integration.kernel.clock import utc_now
from integration.registration.models import Card
from tests.factories.actors import make_actor
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.factories.registration import make_card
from tests.fixtures.settings import CARD_KEY
from tests.sampling import sample

NOW = utc_now()


def code_of(db_session: DbSession, session: Session) -> str:
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    return code_secret(CARD_KEY, renew_code(db_session, actor, session, CARD_KEY, NOW).id)


def card_as(card: Card, phone: str = "phone", *, is_other: bool = False) -> As:
    return As(phone, MarkedCard(card.visitor_key, card.pass_digest), is_other)


@pytest.mark.parametrize("signed_up", [True, False])
@pytest.mark.parametrize("order", sample(permutations(["door", "other door", "mark"]), every=2))
def test_marks_and_scans_are_the_same_people(db_session: DbSession, order: tuple[str, ...], signed_up: bool) -> None:
    session = make_running_session(db_session, capacity=None)
    card = make_card_with_places(db_session, session, 2, 1)[0] if signed_up else make_card(db_session)
    secret = code_of(db_session, session)
    told = {"door": scan_of(card, adults=1), "other door": scan_of(card, adults=1)}
    for token in told:
        make_device(db_session, session, f"{session.key} {token}")
    for deed in order:
        if deed == "mark":
            mark_themselves(db_session, secret, card_as(card), People(2, 1), CARD_KEY, NOW)
        else:
            record_scans(db_session, f"{session.key} {deed}", [told[deed]], NOW)
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.adults, counts.children, counts.scanned, counts.identified) == (2, 1, 3, 3)
    shown = {scan.kind for each in conflicts(db_session, session.id) for scan in each.scans}
    assert ScanKind.SELF_MARKED not in shown


def test_a_mark_is_its_own_source_until_a_door_sees_the_card_and_again_when_that_is_taken_back(
    db_session: DbSession,
) -> None:
    session, card = make_running_session(db_session), make_card(db_session)
    secret, scan = code_of(db_session, session), scan_of(card, adults=3)
    make_device(db_session, session, "T")

    def mix() -> tuple[int, int, int]:
        counts = session_counts(db_session, [session.id])[session.id]
        return counts.self_marked, counts.scanned, counts.identified

    mark_themselves(db_session, secret, card_as(card), People(2, 0), CARD_KEY, NOW)
    assert mix() == (2, 0, 2)
    record_scans(db_session, "T", [scan], NOW)
    assert mix() == (0, 3, 3), "the door saw more of them than they said"
    record_scans(db_session, "T", [scan_of(undoes=scan["id"])], NOW)
    assert mix() == (2, 0, 2)


def test_two_phones_of_one_household_correct_each_other_and_the_organiser_may_reject(db_session: DbSession) -> None:
    session, card = make_running_session(db_session), make_card(db_session)
    secret = code_of(db_session, session)
    for phone, people in (("hers", People(1, 0)), ("his", People(2, 2)), ("hers", People(2, 2))):
        mark_themselves(db_session, secret, card_as(card, phone), people, CARD_KEY, NOW)
        assert people_in(db_session, session.id) == people
    last = db_session.scalars(sa.select(Scan.id).where(Scan.kind == ScanKind.SELF_MARKED, Scan.adults == 2)).one()
    actor = make_actor(Role.ORGANISER, session.activity.organisation_id)
    reject_scan(db_session, last, actor, NOW)
    assert people_in(db_session, session.id).total == 0


def test_whoever_finds_the_card_later_counts_once_and_another_family_stays(db_session: DbSession) -> None:
    session, card = make_running_session(db_session), make_card(db_session)
    secret = code_of(db_session, session)
    for who, total in ((As("p"), 2), (As("p", is_other=True), 4), (card_as(card, "p"), 4)):
        mark_themselves(db_session, secret, who, People(2, 0), CARD_KEY, NOW)
        assert people_in(db_session, session.id).total == total
    counts = session_counts(db_session, [session.id])[session.id]
    assert (counts.identified, counts.self_marked) == (2, 4)
    mark_themselves(db_session, secret, card_as(make_card(db_session), "p", is_other=True), People(2, 0), CARD_KEY, NOW)
    assert session_counts(db_session, [session.id])[session.id].identified == 4
    assert people_in(db_session, session.id).total == 4
