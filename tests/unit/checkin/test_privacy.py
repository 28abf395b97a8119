"""Names and contacts go 120 days after the last session; what counts stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Session
from integration.checkin.models import Attendance, Source
from integration.checkin.privacy import forget_contacts
from integration.kernel.clock import utc_now
from integration.kernel.database import Base
from integration.registration.models import (
    Card,
    GroupRegistration,
    HeldSignUp,
    Hold,
    Household,
    Registration,
    Stand,
    StandState,
    WaitingEntry,
    WaitingState,
)
from tests.factories.activities import make_activity, make_session
from tests.factories.registration import make_card, make_household, make_registration

NOW = utc_now()
CONTACT = {"name": "Amina", "phone": "+358401234567", "email": "amina@example.org"}
PERSONAL = [
    (mapper.class_, column.key)
    for mapper in Base.registry.mappers
    for column in mapper.columns
    if column.info.get("personal")
]


@pytest.mark.parametrize(("age", "kept"), [(119, True), (121, False)])
def test_the_last_session_signed_up_for_decides(db_session: DbSession, age: int, kept: bool) -> None:
    card, registration = _household_at(db_session, days_ago=age)
    forget_contacts(db_session, NOW)
    assert _contact(db_session, card) == (CONTACT if kept else dict.fromkeys(CONTACT))
    db_session.refresh(registration)
    assert registration.help == ("wheelchair" if kept else None)


def test_a_visit_without_sign_up_keeps_the_name(db_session: DbSession) -> None:
    card, _registration = _household_at(db_session, days_ago=300)
    _visit(db_session, card, _session(db_session, days_ago=10))
    forget_contacts(db_session, NOW)
    assert _contact(db_session, card) == CONTACT


def test_a_cancelled_sign_up_keeps_nothing(db_session: DbSession) -> None:
    card, registration = _household_at(db_session, days_ago=-5)
    registration.cancelled_at = NOW
    db_session.flush()
    forget_contacts(db_session, NOW)
    assert _contact(db_session, card) == dict.fromkeys(CONTACT)


def test_every_personal_column_is_emptied_and_the_visit_stays(db_session: DbSession) -> None:
    card, _registration = _household_at(db_session, days_ago=200)
    old = _session(db_session, days_ago=200)
    _visit(db_session, card, old)
    _group_and_stand_at(db_session, old)
    _wait_and_be_held_at(db_session, old, card.household_id)
    forget_contacts(db_session, NOW)
    forget_contacts(db_session, NOW)
    assert PERSONAL, "no column says that it is personal"
    for table, column in PERSONAL:
        assert set(db_session.scalars(sa.select(getattr(table, column)))) == {None}, f"{table.__name__}.{column}"
    assert db_session.scalar(sa.select(Attendance.adults)) == 2
    assert db_session.scalar(sa.select(Card.revoked_at)) is None


def test_every_personal_column_is_known_to_be_personal() -> None:
    named = {(table.__tablename__, column) for table, column in PERSONAL}
    assert named == {
        ("households", "name"),
        ("households", "phone"),
        ("households", "email"),
        ("registrations", "help"),
        ("held_sign_ups", "help"),
        ("waiting_entries", "help"),
        *(("group_registrations", each) for each in ("name", "contact_name", "phone", "email", "help")),
        *(("stands", each) for each in ("organisation_name", "contact_role", "phone", "email", "needs")),
    }


def _group_and_stand_at(db_session: DbSession, session: Session) -> None:
    contact: dict[str, Any] = {"phone": "+358401234567", "email": "x@example.org", "language": "sv"}
    group = GroupRegistration(
        id=1,
        session_id=session.id,
        name="SFI 2 B",
        contact_name="Läraren",
        help="Arabic",
        adults=1,
        children=0,
        form_digest="group",
        created_at=session.starts_at,
        **contact,
    )
    stand = Stand(
        id=1,
        session_id=session.id,
        organisation_name="Påhittade båtar",
        contact_role="Chef",
        needs="El",
        state=StandState.ASKED,
        form_digest="stand",
        asked_at=session.starts_at,
        **contact,
    )
    db_session.add_all([group, stand])
    db_session.flush()


def _wait_and_be_held_at(db_session: DbSession, session: Session, household_id: int) -> None:
    """What should long be gone: it is closed at the start of the session, and dropped a day after its end."""
    at = session.starts_at
    who: dict[str, Any] = {"session_id": session.id, "household_id": household_id, "help": "childcare"}
    who |= {"adults": 1, "children": 0, "children_0_6": 0, "children_7_12": 0, "children_13_17": 0}
    waiting = WaitingEntry(
        id=1, is_increase=False, turn=1, places=1, state=WaitingState.VOID, queued_at=at, closed_at=at, **who
    )
    db_session.add_all([waiting, Hold(id=1, network=None, began_at=at, last_at=at)])
    db_session.flush()
    db_session.add(HeldSignUp(id=1, hold_id=1, form_digest="held", created_at=at, **who))
    db_session.flush()


def _household_at(db_session: DbSession, days_ago: int) -> tuple[Card, Registration]:
    household = make_household(db_session, created_at=NOW - timedelta(days=400), **CONTACT)
    session = _session(db_session, days_ago)
    return make_card(db_session, household), make_registration(db_session, session, household, help="wheelchair")


def _session(db_session: DbSession, days_ago: int) -> Session:
    starts_at: datetime = NOW - timedelta(days=days_ago, hours=2)
    return make_session(db_session, activity=make_activity(db_session), starts_at=starts_at)


def _visit(db_session: DbSession, card: Card, session: Session) -> None:
    values: dict[str, Any] = {"arrived_adults": 2, "arrived_children": 0, "beyond_adults": 0, "beyond_children": 0}
    db_session.add(
        Attendance(
            session_id=session.id,
            visitor_key=card.visitor_key,
            source=Source.SCANNED,
            first_at=session.starts_at,
            **values,
        )
    )
    db_session.flush()


def _contact(db_session: DbSession, card: Card) -> dict[str, str | None]:
    row = db_session.execute(
        sa.select(Household.name, Household.phone, Household.email).where(Household.id == card.household_id)
    ).one()
    return dict(row._mapping)
