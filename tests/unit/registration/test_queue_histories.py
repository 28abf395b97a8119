"""Random histories of a session that is too small, held against the rule told a second time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.activities.services import change_capacity
from integration.audit.models import AuditEntry
from integration.kernel.errors import Refusal
from integration.mail.models import OutboxMessage
from integration.registration import services
from integration.registration.models import Household, Registration, WaitingEntry, WaitingState
from integration.registration.queries import live_registration, open_entry, waiting_of_session
from integration.registration.rules import People
from tests.factories.activities import make_activity, make_session
from tests.factories.actors import make_actor
from tests.factories.registration import make_card, make_household
from tests.fixtures.settings import CARD_KEY
from tests.sampling import EVERYTHING
from tests.unit.registration.queue_model import Party, Queue, Refused

NOW = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
SIZE, WHO = st.integers(1, 5), st.integers(0, 7)
COME = st.tuples(st.just("sign_up"), SIZE, st.booleans(), st.just(True))
DEEDS = [
    st.tuples(st.just("sign_up"), SIZE, st.booleans(), st.booleans()),
    st.tuples(st.just("change"), WHO, SIZE),
    st.tuples(st.just("cancel"), WHO),
    st.tuples(st.just("leave"), WHO),
    st.tuples(st.just("accept"), WHO),
    st.tuples(st.just("capacity"), st.one_of(st.integers(0, 12), st.none())),
    st.tuples(st.just("pass"), st.sampled_from([1, 7, 13, 25])),
    st.tuples(st.just("beyond"), SIZE),
]
HISTORIES = st.builds(
    lambda crowd, steps: [*crowd, *steps],
    st.lists(COME, min_size=3, max_size=5),
    st.lists(st.one_of(*DEEDS, *DEEDS[1:3], *DEEDS[4:7], COME, COME), min_size=10, max_size=24),
)
"""A crowd first, so that there is somebody to change, leave, be asked and be let in."""
CAN: dict[str, Callable[[Party], bool]] = {
    "change": lambda party: party.places > 0,
    "cancel": lambda party: party.places > 0,
    "leave": lambda party: bool(party.waits),
    "accept": lambda party: party.waits == "offered",
}

TAKEN_IN = sa.and_(WaitingEntry.state == WaitingState.TAKEN, WaitingEntry.offered_at.is_(None))
CAME_BY_QUEUE = sa.exists().where(
    WaitingEntry.registration_id == Registration.id, TAKEN_IN, WaitingEntry.is_increase.is_(False)
)
TOLD: dict[str, tuple[type[Any], sa.ColumnElement[bool]]] = {
    "confirmation": (Registration, ~CAME_BY_QUEUE),
    "places_changed": (Registration, sa.true()),
    "places_given_back": (Registration, Registration.cancelled_at.is_not(None)),
    "waiting_begun": (WaitingEntry, sa.true()),
    "place_offered": (WaitingEntry, WaitingEntry.offered_at.is_not(None)),
    "offer_expired": (WaitingEntry, WaitingEntry.state == WaitingState.EXPIRED),
    "taken_in": (WaitingEntry, TAKEN_IN),
}
"""Each kind of message, and the rows that it has to be true of."""


class Both:
    """The application and the model, doing the same."""

    def __init__(self, db_session: DbSession, capacity: int, hours: int) -> None:
        self.db = db_session
        self.actor = make_actor()
        starts_at = NOW + timedelta(hours=hours)
        activity = getattr(db_session, "only_activity", None) or make_activity(db_session)
        db_session.only_activity = activity  # type: ignore[attr-defined]
        self.session: Session = make_session(db_session, activity=activity, starts_at=starts_at, capacity=capacity)
        self.model = Queue(capacity, starts_at, NOW)
        self.households: list[Household] = []
        self.overrides = 0
        db_session.commit()

    def meant(self, verb: str, *what: object) -> tuple[object, ...]:
        """The same step by somebody who can take it, if there is anybody; else it is to change nothing."""
        if verb not in CAN:
            return what
        number, *rest = what
        can = [who for who, party in enumerate(self.model.parties) if CAN[verb](party)] or range(len(self.households))
        return (can[int(str(number)) % len(can)], *rest)

    def step(self, verb: str, *what: object) -> None:
        """Let both do it; where one refuses, so does the other, and nothing has changed."""
        before = copy.deepcopy(self.model)
        came = len(self.households)
        refused = self._try(verb, what)
        try:
            getattr(self, f"model_{verb}")(*what)
        except Refused:
            self.model, model_refused = before, True
        else:
            model_refused = False
        assert refused == model_refused, (verb, what)
        if refused:
            del self.households[came:]
        self.check(before, verb)

    def _try(self, verb: str, what: tuple[object, ...]) -> bool:
        try:
            getattr(self, f"do_{verb}")(*what)
        except Refusal:
            self.db.rollback()
            return True
        self.db.commit()
        return False

    def do_sign_up(self, people: int, contact: bool, may_wait: bool, **more: object) -> None:
        household = make_household(self.db, email="a@example.com" if contact else None)
        make_card(self.db, household)
        self.households.append(household)
        services.register(
            self.db,
            self.session,
            household,
            name="",
            people=People(people, 0),
            language="sv",
            form_token=f"{household.id:032d}",
            card_key=CARD_KEY,
            now=self.model.now,
            may_wait=may_wait,
            **more,  # type: ignore[arg-type]
        )

    def model_sign_up(self, people: int, contact: bool, may_wait: bool) -> None:
        self.model.sign_up(people, contact=contact, may_wait=may_wait)

    def do_beyond(self, people: int) -> None:
        self.do_sign_up(people, False, False, beyond=self.actor)

    def model_beyond(self, people: int) -> None:
        self.overrides += not self.model.fits(people) or bool(self.model.of("waiting"))
        self.model.parties.append(Party(False, places=people))

    def do_change(self, who: int, people: int) -> None:
        registration = self.registration(who)
        if registration is not None:
            services.change_places(self.db, registration, self.session, People(people, 0), self.model.now)

    def model_change(self, who: int, people: int) -> None:
        if who < len(self.model.parties) and self.model.parties[who].places:
            self.model.change(self.model.parties[who], people)

    def do_cancel(self, who: int) -> None:
        registration = self.registration(who)
        if registration is not None:
            services.cancel_registration(self.db, registration, self.session, self.model.now)

    def model_cancel(self, who: int) -> None:
        if who < len(self.model.parties) and self.model.parties[who].places:
            self.model.cancel(self.model.parties[who])

    def do_leave(self, who: int) -> None:
        entry = self.entry(who)
        if entry is not None:
            services.leave_queue(self.db, entry, self.session, self.model.now)

    def model_leave(self, who: int) -> None:
        if who < len(self.model.parties) and self.model.parties[who].waits:
            self.model.out(self.model.parties[who])
            self.model.fill()

    def do_accept(self, who: int) -> None:
        entry = self.entry(who)
        if entry is not None:
            services.accept_offer(self.db, entry, self.session, self.model.now)

    def model_accept(self, who: int) -> None:
        if who >= len(self.model.parties) or not self.model.parties[who].waits:
            return
        party = self.model.parties[who]
        if party.until is None or party.until <= self.model.now:
            raise Refused
        self.model.take(party)

    def do_capacity(self, capacity: int | None) -> None:
        change_capacity(self.db, self.actor, self.session, capacity, now=self.model.now)

    def model_capacity(self, capacity: int | None) -> None:
        if capacity != self.model.capacity:
            self.model.capacity = capacity
            self.model.fill()

    def do_pass(self, hours: int) -> None:
        services.expire_offers(self.db, self.model.now + timedelta(hours=hours))

    def model_pass(self, hours: int) -> None:
        self.model.now += timedelta(hours=hours)
        self.model.fill()

    def registration(self, who: int) -> Registration | None:
        return live_registration(self.db, self.session.id, self.households[who].id) if self.is_known(who) else None

    def entry(self, who: int) -> WaitingEntry | None:
        return open_entry(self.db, self.session.id, self.households[who].id) if self.is_known(who) else None

    def is_known(self, who: int) -> bool:
        return who < len(self.households)

    def check(self, before: Queue, verb: str) -> None:
        """Counters are recounts, people and turns are the model's, and nobody came in over the limit."""
        self.db.expire_all()
        places, model = self.session.places, self.model
        had = sum(each.places for each in model.parties)
        assert (places.taken, places.offered, places.waiting) == (had, model.used - had, len(model.of("waiting")))
        for who, party in enumerate(model.parties):
            registration = self.registration(who)
            assert (registration.adults if registration else 0) == party.places
            entry = self.entry(who)
            assert (entry.state.value if entry else "", entry.places if entry else 0) == (party.waits, party.need)
            assert (entry.offer_expires_at if entry else None) == party.until
        order = [entry.household_id for entry in waiting_of_session(self.db, self.session.id)]
        turns = sorted(model.of("waiting") + model.of("offered"), key=lambda each: each.turn)
        assert order == [self.households[model.parties.index(each)].id for each in turns]
        if verb != "beyond" and model.capacity is not None and model.used > model.capacity:
            assert model.used <= before.used, "over the limit, and more than before"


@given(st.integers(0, 8), st.sampled_from([6, 30, 53, 80, 130]), HISTORIES)
@settings(
    max_examples=400 if EVERYTHING else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_histories(db_session: DbSession, capacity: int, hours: int, steps: list[tuple[object, ...]]) -> None:
    db_session.rollback()
    both = Both(db_session, capacity, hours)
    for verb, *what in steps:
        if both.model.now + timedelta(hours=25) >= both.session.ends_at and both.model.now >= both.model.starts_at:
            break
        both.step(str(verb), *both.meant(str(verb), *what))
    every_message_tells_a_fact(db_session, both.session)
    every_override_left_a_trace(db_session, both)


def every_message_tells_a_fact(db_session: DbSession, session: Session) -> None:
    """What the outbox has is what came about by the rows: of each kind no message too many, and none too few."""
    messages = db_session.scalars(sa.select(OutboxMessage).where(OutboxMessage.about == f"session:{session.id}")).all()
    told: dict[str, list[int]] = {kind: [] for kind in TOLD}
    for message in messages:
        row = db_session.get_one(TOLD[message.kind][0], subject_of(message))
        assert row.household_id == message.recipient_id
        told[message.kind].append(row.id)
    for kind, (table, fact) in TOLD.items():
        asks = Household.email.is_not(None)
        rows = sa.select(table.id).where(table.session_id == session.id, table.household.has(asks), fact)
        came_about = db_session.scalars(rows).all()
        if kind == "places_changed":  # what there was before is in no row
            assert set(told[kind]) <= set(came_about)
        else:
            assert sorted(told[kind]) == sorted(came_about), kind


def subject_of(message: OutboxMessage) -> int:
    """The row that a message tells about; who is taken in more than once is told of each entry."""
    if message.kind == "taken_in":
        return int(message.fact.rsplit(":", 1)[1])
    number: int = message.facts.get("entry") or message.facts["registration"]
    return number


def every_override_left_a_trace(db_session: DbSession, both: Both) -> None:
    """Who let people in beyond the places stands in the trail, once for each time."""
    traces = db_session.scalars(
        sa.select(AuditEntry).where(
            AuditEntry.action == "registration.places_beyond", AuditEntry.subject_id == str(both.session.id)
        )
    ).all()
    assert len(traces) == both.overrides
    assert all(entry.account_id == both.actor.account_id for entry in traces)
