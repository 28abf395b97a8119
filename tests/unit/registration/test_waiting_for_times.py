"""Waiting for an individual time: rule 13 where every place is a time of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from integration.accounts.rules import Actor, Role
from integration.activities.models import Session, Slot
from integration.activities.queries import slots_of
from integration.activities.rules import planned_slots
from integration.activities.services import cancel_session, plan_slots
from integration.kernel.database import DbSession, transaction
from integration.kernel.errors import Refusal
from integration.mail.models import OutboxMessage
from integration.registration.errors import SlotTaken, TimesFree
from integration.registration.models import Household, Registration, WaitingEntry, WaitingState
from integration.registration.queries import live_registration, open_entries, open_entry, position_of
from integration.registration.queries.slots import free_slots
from integration.registration.rules import times_in_line
from integration.registration.services import accept_offer, cancel_registration, expire_offers, leave_queue
from integration.registration.services.slots import (
    book_slot,
    change_slot,
    let_advisers_speak,
    remove_slots,
    wait_for_time,
)
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household
from tests.fixtures.settings import CARD_KEY
from tests.sampling import EVERYTHING

STAFF = Actor(account_id=1, roles=((Role.COORDINATOR, None),))
NOW = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
STARTS = NOW + timedelta(days=4)


def make_clinic(db_session: DbSession, times: int = 1, languages: tuple[str, ...] = ("sv", "ar")) -> Session:
    """A session with so many times of twenty minutes at each desk, all of them free."""
    session = make_session(db_session, starts_at=STARTS)
    last_at = STARTS + timedelta(minutes=20 * (times - 1))
    plan_slots(db_session, STAFF, session, planned_slots(STARTS, last_at, 20, languages), now=NOW)
    return session


def come(db_session: DbSession, *, email: str | None = None) -> Household:
    household = make_household(db_session, email=email)
    make_card(db_session, household)
    return household


def asks(household: Household, now: datetime) -> dict[str, Any]:
    return {"name": "", "language": "sv", "form_token": f"{household.id:032d}", "card_key": CARD_KEY, "now": now}


def book(db_session: DbSession, session: Session, slot: Slot, now: datetime = NOW) -> Registration:
    household = come(db_session)
    return book_slot(db_session, session, household, slot.id, **asks(household, now)).registration


def wait(
    db_session: DbSession, session: Session, spoken: str | None = None, *, email: str | None = None
) -> WaitingEntry:
    household = come(db_session, email=email)
    entry = wait_for_time(db_session, session, household, spoken, **asks(household, NOW)).entry
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("wanted", "free", "room", "pairs"),
    [
        ([(1, None), (1, None)], ["sv"], 1, [(0, 0)]),
        ([(1, "ar"), (1, None)], ["sv"], 1, [(1, 0)]),
        ([(1, "ar"), (1, "ar"), (1, "sv")], ["ar", "sv"], 2, [(0, 0), (2, 1)]),
        ([(1, None), (1, "ar")], ["ar", "sv"], 2, [(0, 1), (1, 0)]),
        ([(1, None), (1, None)], ["sv", "sv"], 1, [(0, 0)]),
        ([(1, "so")], ["sv", "ar"], 2, []),
        ([(1, None)], ["sv"], None, [(0, 0)]),
    ],
)
def test_who_gets_which_time(
    wanted: list[tuple[int, str | None]], free: list[str], room: int | None, pairs: list[tuple[int, int]]
) -> None:
    assert times_in_line(wanted, free, room) == pairs


def test_a_time_that_is_given_back_is_offered_and_nobody_else_gets_it(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, second = (book(db_session, session, each) for each in slots_of(db_session, session.id))
    entry = wait(db_session, session, email="a@example.com")
    freed = first.slot_id
    cancel_registration(db_session, first, session, NOW)
    assert (entry.state, entry.slot_id) == (WaitingState.OFFERED, freed)
    assert entry.offer_expires_at == NOW + timedelta(hours=24)
    assert free_slots(db_session, session.id, NOW) == []
    slot = db_session.get_one(Slot, freed)
    with pytest.raises(SlotTaken):
        book(db_session, session, slot)
    with pytest.raises(SlotTaken):
        change_slot(db_session, second, session, slot.id, NOW)
    assert remove_slots(db_session, STAFF, session, [slot.id], NOW) == 0
    assert accept_offer(db_session, entry, session, NOW).slot_id == freed
    assert (session.places.taken, session.places.offered, entry.slot_id) == (2, 0, None)
    kinds = set(db_session.scalars(sa.select(OutboxMessage.kind)))
    assert {"waiting_begun", "place_offered", "confirmation"} <= kinds


def test_without_contact_the_time_is_theirs_at_once(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, _second = (book(db_session, session, each) for each in slots_of(db_session, session.id))
    entry, freed = wait(db_session, session), first.slot_id
    cancel_registration(db_session, first, session, NOW)
    registration = live_registration(db_session, session.id, entry.household_id)
    assert entry.state == WaitingState.TAKEN and registration is not None and registration.slot_id == freed


def test_who_waits_for_a_language_stands_before_those_who_want_the_same(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    swedish, arabic = (book(db_session, session, each) for each in slots_of(db_session, session.id))
    one, two, any_time = (wait(db_session, session, spoken) for spoken in ("ar", "sv", None))
    assert [position_of(db_session, each).number for each in (one, two, any_time)] == [1, 1, 3]
    cancel_registration(db_session, swedish, session, NOW)
    assert [each.state for each in (one, two, any_time)] == ["waiting", "taken", "waiting"]
    cancel_registration(db_session, arabic, session, NOW)
    assert [each.state for each in (one, any_time)] == ["taken", "waiting"]


def test_a_moved_time_an_added_desk_and_another_language_reach_the_queue(db_session: DbSession) -> None:
    session = make_clinic(db_session, times=2)
    early, arabic, late, free = slots_of(db_session, session.id)
    mover, *_others = (book(db_session, session, each) for each in (arabic, early, late))
    somali = wait(db_session, session, "so")
    change_slot(db_session, mover, session, free.id, NOW)
    entry = wait(db_session, session, "sv")
    with pytest.raises(TimesFree):
        wait(db_session, session, "ar")
    assert let_advisers_speak(db_session, STAFF, session, [arabic.id], "so", NOW) == 1
    assert [somali.state, entry.state] == ["taken", "waiting"]
    third_desk = planned_slots(STARTS, STARTS, 20, ("ar", "ar", "sv"))[2:]
    plan_slots(db_session, STAFF, session, third_desk, now=NOW)
    assert entry.state == WaitingState.TAKEN


def test_the_queue_ends_with_the_session(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    for each in slots_of(db_session, session.id):
        book(db_session, session, each)
    entry = wait(db_session, session, email="a@example.com")
    cancel_session(db_session, STAFF, session, now=NOW)
    assert entry.state == WaitingState.VOID and session.places.waiting == 0


def test_the_database_offers_no_time_twice(db_session: DbSession) -> None:
    session = make_clinic(db_session)
    first, second = (book(db_session, session, each) for each in slots_of(db_session, session.id))
    one, two = (wait(db_session, session, email="a@example.com") for _each in range(2))
    for each in (first, second):
        cancel_registration(db_session, each, session, NOW)
    assert one.state == two.state == WaitingState.OFFERED and one.slot_id != two.slot_id
    with pytest.raises(IntegrityError):
        db_session.execute(sa.update(WaitingEntry).where(WaitingEntry.id == two.id).values(slot_id=one.slot_id))


def test_a_time_given_back_among_ten_who_want_it_goes_to_the_queue(app: Flask, db_session: DbSession) -> None:
    session = make_clinic(db_session, languages=("sv",))
    (slot,) = slots_of(db_session, session.id)
    booked, entry = book(db_session, session, slot), wait(db_session, session)
    session_id, number, households = session.id, booked.id, [come(db_session).id for _each in range(6)]
    db_session.commit()
    gate = threading.Barrier(7)

    def attempt(household_id: int | None) -> None:
        gate.wait(timeout=30)
        with app.app_context(), transaction() as own:
            theirs = own.get_one(Session, session_id)
            try:
                if household_id is None:
                    cancel_registration(own, own.get_one(Registration, number), theirs, NOW)
                else:
                    household = own.get_one(Household, household_id)
                    book_slot(own, theirs, household, slot.id, **asks(household, NOW))
            except SlotTaken:
                own.rollback()

    with ThreadPoolExecutor(7) as threads:
        list(threads.map(attempt, [*households, None]))
    db_session.expire_all()
    live = db_session.scalars(sa.select(Registration).where(Registration.cancelled_at.is_(None))).all()
    assert [each.household_id for each in live] == [entry.household_id]


WHO = st.integers(0, 9)
SPOKEN = st.sampled_from([None, "sv", "ar"])
DEEDS = st.one_of(
    st.tuples(st.just("book"), WHO),
    st.tuples(st.just("wait"), SPOKEN, st.booleans()),
    st.tuples(st.just("wait"), SPOKEN, st.booleans()),
    st.tuples(st.sampled_from(["cancel", "leave", "accept", "cancel"]), WHO),
    st.tuples(st.just("move"), WHO, WHO),
    st.tuples(st.just("desk"), st.sampled_from(["sv", "ar"])),
    st.tuples(st.just("speak"), WHO, st.sampled_from(["sv", "ar"])),
    st.tuples(st.just("remove"), WHO),
    st.tuples(st.just("pass"), st.sampled_from([1, 7, 13, 25])),
)


class Clinic:
    """A session of individual times that too many want, and the same clock for all."""

    def __init__(self, db_session: DbSession) -> None:
        self.db, self.now = db_session, NOW
        self.session = make_clinic(db_session)
        self.desks = 2
        self.households: list[Household] = []

    def slot(self, number: int) -> int:
        known = slots_of(self.db, self.session.id)
        return known[number % len(known)].id if known else 0

    def who(self, number: int) -> int:
        return self.households[number % len(self.households)].id if self.households else 0

    def come(self, *, contact: bool) -> Household:
        self.households.append(come(self.db, email="a@example.com" if contact else None))
        return self.households[-1]

    def book(self, number: int) -> None:
        household = self.come(contact=False)
        book_slot(self.db, self.session, household, self.slot(number), **asks(household, self.now))

    def wait(self, spoken: str | None, contact: bool) -> None:
        household = self.come(contact=contact)
        wait_for_time(self.db, self.session, household, spoken, **asks(household, self.now))

    def cancel(self, number: int) -> None:
        if found := live_registration(self.db, self.session.id, self.who(number)):
            cancel_registration(self.db, found, self.session, self.now)

    def leave(self, number: int) -> None:
        if found := open_entry(self.db, self.session.id, self.who(number)):
            leave_queue(self.db, found, self.session, self.now)

    def accept(self, number: int) -> None:
        if found := open_entry(self.db, self.session.id, self.who(number)):
            accept_offer(self.db, found, self.session, self.now)

    def move(self, number: int, slot: int) -> None:
        if found := live_registration(self.db, self.session.id, self.who(number)):
            change_slot(self.db, found, self.session, self.slot(slot), self.now)

    def desk(self, spoken: str) -> None:
        self.desks += 1
        planned = planned_slots(STARTS, STARTS, 20, [spoken] * self.desks)[-1:]
        plan_slots(self.db, STAFF, self.session, planned, now=self.now)

    def speak(self, number: int, spoken: str) -> None:
        let_advisers_speak(self.db, STAFF, self.session, [self.slot(number)], spoken, self.now)

    def remove(self, number: int) -> None:
        if len(slots_of(self.db, self.session.id)) > 1:
            remove_slots(self.db, STAFF, self.session, [self.slot(number)], self.now)

    def do(self, verb: str, *what: object) -> None:
        if verb == "pass":
            self.now += timedelta(hours=int(str(what[0])))
            return expire_offers(self.db, self.now)
        before, came = self.places(), len(self.households)
        waited = {each.household_id for each in open_entries(self.db, self.session.id)}
        wants = {each.household_id: each.slot_language for each in open_entries(self.db, self.session.id)}
        try:
            getattr(self, verb)(*what)
        except Refusal:
            self.db.rollback()
            del self.households[came:]
        else:
            self.db.commit()
        self.nobody_jumped(before, waited, wants, verb)
        return None

    def places(self) -> dict[int, int | None]:
        live = sa.select(Registration).where(Registration.cancelled_at.is_(None))
        mine = self.db.scalars(live.where(Registration.session_id == self.session.id))
        return {each.household_id: each.slot_id for each in mine}

    def nobody_jumped(
        self, before: dict[int, int | None], waited: set[int], wants: dict[int, str | None], verb: str
    ) -> None:
        """Whoever came by a time that was not theirs before took none that somebody waited, and waits still, for."""
        still = {each.household_id for each in open_entries(self.db, self.session.id) if each.state == "waiting"}
        for household_id, slot_id in self.places().items():
            if slot_id is None or slot_id == before.get(household_id) or household_id in waited or verb == "speak":
                continue
            spoken = self.db.get_one(Slot, slot_id).language
            assert not [each for each in still & waited if wants[each] in (None, spoken)], (verb, household_id)

    def check(self) -> None:
        """Counters are recounts, no time is twice anybody's, and none stands free that somebody waits for."""
        self.db.expire_all()
        entries = open_entries(self.db, self.session.id)
        offered = [each for each in entries if each.state == WaitingState.OFFERED]
        held, counted = self.places(), self.session.places
        theirs = list(held.values()) + [each.slot_id for each in offered]
        assert None not in theirs and len(theirs) == len(set(theirs)) <= len(slots_of(self.db, self.session.id))
        assert (counted.taken, counted.offered, counted.waiting) == (
            len(held),
            len(offered),
            len(entries) - len(offered),
        )
        if self.now < STARTS:
            free = {each.language for each in free_slots(self.db, self.session.id, self.now, awaited=True)}
            for each in entries:
                if each.state == WaitingState.WAITING:
                    assert not free if each.slot_language is None else each.slot_language not in free
        else:
            assert not entries
        turns: dict[str | None, list[int]] = {}
        for each in entries:
            turns.setdefault(each.slot_language, []).append(0 if each.state == WaitingState.OFFERED else 1)
        assert all(states == sorted(states) for states in turns.values()), (
            "the first of those who want the same is asked first"
        )


@given(st.lists(DEEDS, min_size=12, max_size=30))
@settings(
    max_examples=200 if EVERYTHING else 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_histories(db_session: DbSession, deeds: list[tuple[Any, ...]]) -> None:
    db_session.rollback()
    clinic = Clinic(db_session)
    for number in range(2):
        clinic.do("book", number)
    for verb, *what in deeds:
        if clinic.now >= clinic.session.ends_at:
            break
        clinic.do(str(verb), *what)
        clinic.check()
