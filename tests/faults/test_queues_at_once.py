"""Fifty families cancel, come by and wait around a full session, all at once, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session as DbSession

from integration.activities.errors import SessionFull
from integration.activities.models import Session, SessionPlaces
from integration.kernel.clock import utc_now
from integration.kernel.database import transaction
from integration.registration import services
from integration.registration.models import Registration, WaitingEntry, WaitingState
from integration.registration.rules import People
from tests.factories.activities import make_session
from tests.factories.registration import make_card, make_household, make_registration
from tests.fixtures.settings import CARD_KEY

SEATS, QUEUE, NEW = 20, 15, 15
Deed = Callable[[], object]


def test_nobody_jumps_the_queue(app: Flask, db_session: DbSession) -> None:
    """Twenty give a place back, fifteen come by, fifteen join the queue; fifteen stand in it already."""
    session = make_session(db_session, capacity=SEATS, starts_at=utc_now() + timedelta(days=9))
    seated = [seat(db_session, session) for _ in range(SEATS)]
    waiting = [wait(db_session, session, number) for number in range(QUEUE)]
    db_session.commit()
    came_by: list[int] = []
    deeds: list[Deed] = [partial(cancel, app, each.id, session.id) for each in seated]
    deeds += [partial(note, came_by, app, session.id, number) for number in range(NEW)]
    deeds += [partial(join, app, session.id, number) for number in range(NEW)]
    at_once(deeds)
    db_session.rollback()
    counters_are_recounts(db_session, session.id)
    entries = db_session.scalars(
        sa.select(WaitingEntry).where(WaitingEntry.session_id == session.id).order_by(WaitingEntry.turn)
    ).all()
    assert [entry.id for entry in entries[:QUEUE]] == waiting, "who stood there first keeps the first turns"
    got = [entry.state == WaitingState.TAKEN for entry in entries]
    assert got == sorted(got, reverse=True), "places went to the first turns, and to nobody past one who waits"
    assert all(got[:QUEUE]), "twenty places came free, so that everybody who stood there has one"
    assert sum(came_by) <= SEATS - QUEUE, "those who come by get what is left when nobody waits"


def test_a_family_of_four_is_passed_by_nobody(app: Flask, db_session: DbSession) -> None:
    """Long before the start the first in the queue keeps what it does not fit into, however many try."""
    session = make_session(db_session, capacity=4, starts_at=utc_now() + timedelta(days=9))
    seated = [seat(db_session, session) for _ in range(4)]
    household = make_household(db_session)
    make_card(db_session, household)
    first = services.register(
        db_session, session, household, people=People(4, 0), may_wait=True, **asked("first")
    ).entry
    db_session.commit()
    deeds: list[Deed] = [partial(cancel, app, each.id, session.id) for each in seated[:3]]
    deeds += [partial(come_by, app, session.id, number) for number in range(24)]
    deeds += [partial(join, app, session.id, number) for number in range(23)]
    at_once(deeds)
    db_session.rollback()
    counters_are_recounts(db_session, session.id)
    places = db_session.get_one(SessionPlaces, session.id)
    assert (places.taken, places.offered, places.waiting) == (1, 0, 24)
    assert first is not None
    assert db_session.get_one(WaitingEntry, first.id).state == WaitingState.WAITING
    cancel(app, seated[3].id, session.id)
    db_session.rollback()
    assert db_session.get_one(WaitingEntry, first.id).state == WaitingState.TAKEN
    counters_are_recounts(db_session, session.id)


def seat(db_session: DbSession, session: Session) -> Registration:
    """One person with a place."""
    household = make_household(db_session)
    make_card(db_session, household)
    return make_registration(db_session, session, household, people=People(1, 0))


def wait(db_session: DbSession, session: Session, number: int) -> int:
    """One person in the queue."""
    entry = services.register(
        db_session, session, None, people=People(1, 0), may_wait=True, **asked(f"queue{number}")
    ).entry
    assert entry is not None
    return entry.id


def asked(token: str) -> dict[str, Any]:
    """The rest of a form."""
    return {"name": "Amina", "language": "sv", "form_token": token, "card_key": CARD_KEY, "now": utc_now()}


def cancel(app: Flask, registration_id: int, session_id: int) -> None:
    """Give a place back."""
    with app.app_context(), transaction() as db_session:
        registration = db_session.get_one(Registration, registration_id)
        services.cancel_registration(db_session, registration, db_session.get_one(Session, session_id), utc_now())


def come_by(app: Flask, session_id: int, number: int) -> int:
    """Sign up without a wish to wait; how many got places."""
    try:
        with app.app_context(), transaction() as db_session:
            session = db_session.get_one(Session, session_id)
            services.register(db_session, session, None, people=People(1, 0), **asked(f"by{number}"))
    except SessionFull:
        return 0
    return 1


def note(came_by: list[int], app: Flask, session_id: int, number: int) -> None:
    """Come by, and write down whether that gave a place."""
    came_by.append(come_by(app, session_id, number))


def join(app: Flask, session_id: int, number: int) -> None:
    """Sign up, or wait."""
    with app.app_context(), transaction() as db_session:
        session = db_session.get_one(Session, session_id)
        services.register(db_session, session, None, people=People(1, 0), may_wait=True, **asked(f"join{number}"))


def at_once(deeds: list[Deed]) -> None:
    """Begin all of them in the same moment, each in a thread; an error in one is an error here."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Deed) -> None:
        gate.wait(timeout=60)
        deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        list(threads.map(run, deeds))


def counters_are_recounts(db_session: DbSession, session_id: int) -> None:
    """What the counters say is what the rows say, and nobody is over the limit."""
    places = db_session.get_one(SessionPlaces, session_id, populate_existing=True)
    taken = db_session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Registration.adults + Registration.children), 0)).where(
            Registration.session_id == session_id, Registration.cancelled_at.is_(None)
        )
    )
    waiting = db_session.scalar(
        sa.select(sa.func.count()).where(
            WaitingEntry.session_id == session_id, WaitingEntry.state == WaitingState.WAITING
        )
    )
    assert (places.taken, places.offered, places.waiting) == (taken, 0, waiting)
    assert places.capacity is not None
    assert places.taken <= places.capacity
