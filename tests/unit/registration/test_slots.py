"""Individual times: made in one step, booked by one household each, changed, moved, taken away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from integration.accounts.rules import Actor, Role
from integration.activities.errors import SlotsCollide, SlotsNeedSignUp, SlotsOutside
from integration.activities.models import Session, SessionPlaces, SignUpMode, Slot
from integration.activities.queries import slots_of
from integration.activities.rules import planned_slots
from integration.activities.services import move_session, plan_slots
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction
from integration.registration.errors import AlreadyRegistered, SlotTaken
from integration.registration.models import Household, Registration
from integration.registration.queries.slots import booked_slots, free_slots
from integration.registration.services import cancel_registration
from integration.registration.services.slots import Booking, book_slot, change_slot, let_advisers_speak, remove_slots
from tests.factories.activities import make_session
from tests.fixtures.settings import CARD_KEY

STAFF = Actor(account_id=1, roles=((Role.COORDINATOR, None),))
STARTS = utc_now() + timedelta(days=2)


def make_clinic(db_session: DbSession, *, times: int = 3, languages: tuple[str, ...] = ("sv",), **over: Any) -> Session:
    """A session with so many times of twenty minutes at each desk."""
    session = make_session(db_session, starts_at=STARTS, **over)
    last_at = STARTS + timedelta(minutes=20 * (times - 1))
    plan_slots(db_session, STAFF, session, planned_slots(STARTS, last_at, 20, languages), now=utc_now())
    return session


def book(
    db_session: DbSession, session: Session, slot_id: int, token: str, household: Household | None = None
) -> Booking:
    return book_slot(
        db_session,
        session,
        household,
        slot_id,
        name="Amina",
        language="sv",
        form_token=token,
        card_key=CARD_KEY,
        now=utc_now(),
    )


def taken(db_session: DbSession, session: Session) -> int:
    return db_session.scalars(sa.select(SessionPlaces.taken).where(SessionPlaces.session_id == session.id)).one()


@given(minutes=st.integers(5, 120), times=st.integers(1, 12), desks=st.integers(1, 6), spare=st.integers(0, 119))
def test_planned_times_follow_each_other_at_every_desk(minutes: int, times: int, desks: int, spare: int) -> None:
    last_at = STARTS + timedelta(minutes=minutes * (times - 1) + spare % minutes)
    planned = planned_slots(STARTS, last_at, minutes, ["sv"] * desks)
    assert len(planned) == times * desks
    for desk in range(1, desks + 1):
        own = [each for each in planned if each.desk == desk]
        assert own[0].starts_at == STARTS and own[-1].starts_at <= last_at
        assert all(one.ends_at == following.starts_at for one, following in pairwise(own))


def test_a_session_has_as_many_places_as_times(db_session: DbSession) -> None:
    session = make_clinic(db_session, times=4, languages=("sv", "ar"))
    assert (session.places.capacity, session.slot_minutes) == (8, 20)
    again = planned_slots(STARTS, STARTS + timedelta(minutes=80), 20, ("sv", "ar"))
    assert plan_slots(db_session, STAFF, session, again, now=utc_now()) == 2
    assert session.places.capacity == 10


def test_times_that_cannot_be(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    now = utc_now()
    with pytest.raises(SlotsCollide):
        ten_later = STARTS + timedelta(minutes=10)
        plan_slots(db_session, STAFF, session, planned_slots(ten_later, ten_later, 20, ("sv",)), now=now)
    with pytest.raises(SlotsOutside):
        plan_slots(db_session, STAFF, session, planned_slots(session.ends_at, session.ends_at, 20, ("sv",)), now=now)
    drop_in = make_session(db_session, sign_up=SignUpMode.NONE)
    with pytest.raises(SlotsNeedSignUp):
        plan_slots(db_session, STAFF, drop_in, (), now=now)


def test_a_moved_session_takes_its_times_with_it(db_session: DbSession) -> None:
    session = make_clinic(db_session, times=4)
    signed_up = book(db_session, session, slots_of(db_session, session.id)[1].id, "a")
    for by in (timedelta(minutes=20), timedelta(minutes=-40), timedelta(days=7)):
        before = [each.starts_at for each in slots_of(db_session, session.id)]
        starts_at, ends_at = session.starts_at + by, session.ends_at + by
        move_session(db_session, STAFF, session, starts_at, ends_at, venue_id=session.venue_id, now=utc_now())
        assert [each.starts_at for each in slots_of(db_session, session.id)] == [each + by for each in before]
    slot = signed_up.registration.slot
    assert slot is not None and slot.starts_at == session.starts_at + timedelta(minutes=20)


def test_book_change_cancel(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, second, third = slots_of(db_session, session.id)
    one = book(db_session, session, first.id, "a").registration
    two = book(db_session, session, second.id, "b").registration
    assert [each.id for each in free_slots(db_session, session.id, utc_now())] == [third.id]
    assert taken(db_session, session) == 2
    with pytest.raises(SlotTaken):
        change_slot(db_session, one, session, second.id, utc_now())
    assert one.slot_id == first.id
    change_slot(db_session, one, session, third.id, utc_now())
    assert [each.id for each in free_slots(db_session, session.id, utc_now())] == [first.id]
    cancel_registration(db_session, two, session, utc_now())
    assert [each.id for each in free_slots(db_session, session.id, utc_now())] == [first.id, second.id]
    assert taken(db_session, session) == 1
    assert book(db_session, session, second.id, "c").registration.slot_id == second.id


def test_the_same_form_again_is_the_same_booking(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    slot = slots_of(db_session, session.id)[0]
    assert book(db_session, session, slot.id, "a") == book(db_session, session, slot.id, "a")
    assert taken(db_session, session) == 1


def test_one_household_takes_one_time(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, second, _third = slots_of(db_session, session.id)
    household = book(db_session, session, first.id, "a").card.household
    with pytest.raises(AlreadyRegistered):
        book(db_session, session, second.id, "b", household)


def test_the_database_books_no_time_twice(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    slot = slots_of(db_session, session.id)[0]
    one = book(db_session, session, slot.id, "a").registration
    other = book(db_session, session, slots_of(db_session, session.id)[1].id, "b").registration
    assert one.slot_id == slot.id
    with pytest.raises(IntegrityError):
        db_session.execute(sa.update(Registration).where(Registration.id == other.id).values(slot_id=slot.id))


def test_a_time_that_began_or_is_of_another_session_is_not_offered(db_session: DbSession) -> None:
    session, other = make_clinic(db_session), make_clinic(db_session)
    with pytest.raises(SlotTaken):
        book(db_session, session, slots_of(db_session, other.id)[0].id, "a")
    assert free_slots(db_session, session.id, STARTS) == slots_of(db_session, session.id)[1:]


def test_staff_change_only_what_nobody_has(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, second, third = (each.id for each in slots_of(db_session, session.id))
    book(db_session, session, first, "a")
    given_back = book(db_session, session, second, "b").registration
    cancel_registration(db_session, given_back, session, utc_now())
    assert let_advisers_speak(db_session, STAFF, session, [first, second], "ar", utc_now()) == 1
    assert remove_slots(db_session, STAFF, session, [first, second], utc_now()) == 1
    db_session.expire_all()
    assert [each.id for each in slots_of(db_session, session.id)] == [first, third]
    assert session.places.capacity == 2
    assert [bool(each.registration) for each in booked_slots(db_session, session.id)] == [True, False]


def test_without_times_the_session_has_places_again(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    remove_slots(db_session, STAFF, session, [each.id for each in slots_of(db_session, session.id)], utc_now())
    assert (session.slot_minutes, session.places.capacity) == (None, session.activity.capacity)


def at_once(people: int, book_one: Any) -> list[str]:
    """So many households try in the same moment, each in a transaction of its own; what each of them got."""
    gate = threading.Barrier(people)

    def attempt(number: int) -> str:
        gate.wait(timeout=30)
        try:
            book_one(number)
        except SlotTaken:
            return "taken"
        return "booked"

    with ThreadPoolExecutor(people) as threads:
        return list(threads.map(attempt, range(people)))


def test_ten_at_once_for_one_time(app: Flask, db_session: DbSession) -> None:
    session = make_clinic(db_session)
    wanted, *_others = slots_of(db_session, session.id)
    session_id, slot_id = session.id, wanted.id
    db_session.commit()

    def book_one(number: int) -> None:
        with app.app_context(), transaction() as own:
            book(own, own.get_one(Session, session_id), slot_id, f"racer-{number}")

    assert sorted(at_once(10, book_one)) == ["booked"] + ["taken"] * 9
    db_session.expire_all()
    assert taken(db_session, session) == 1
    assert db_session.scalar(sa.select(sa.func.count()).select_from(Household)) == 1
    assert len(free_slots(db_session, session_id, utc_now())) == 2


def test_five_at_once_change_to_the_same_time(app: Flask, db_session: DbSession) -> None:
    session = make_clinic(db_session, times=6)
    slots = slots_of(db_session, session.id)
    numbers = [book(db_session, session, slots[place].id, f"{place}").registration.id for place in range(5)]
    session_id, slot_id = session.id, slots[5].id
    db_session.commit()

    def change_one(place: int) -> None:
        with app.app_context(), transaction() as own:
            registration = own.get_one(Registration, numbers[place])
            change_slot(own, registration, own.get_one(Session, session_id), slot_id, utc_now())

    assert sorted(at_once(5, change_one)) == ["booked"] + ["taken"] * 4
    db_session.expire_all()
    having = db_session.scalars(sa.select(Registration.slot_id)).all()
    assert len(set(having)) == len(having) == 5
    assert taken(db_session, session) == 5


def test_times_go_with_a_deleted_session(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    session_id = session.id
    db_session.execute(sa.delete(SessionPlaces).where(SessionPlaces.session_id == session_id))
    db_session.execute(sa.delete(Session).where(Session.id == session_id))
    assert db_session.scalar(sa.select(sa.func.count()).where(Slot.session_id == session_id)) == 0


def test_moments_are_kept_in_utc(db_session: DbSession) -> None:
    session = make_clinic(db_session, times=1)
    kept: datetime = slots_of(db_session, session.id)[0].starts_at
    assert kept == STARTS and kept.utcoffset() == timedelta()
