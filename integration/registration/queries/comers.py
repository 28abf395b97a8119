"""Who comes to a session and who waits, as the organiser's list has them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Session, SessionStatus, SignUpMode
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import (
    GroupRegistration,
    Registration,
    SharedPhone,
    WaitingEntry,
    WaitingState,
)
from integration.registration.queries.waiting import open_entries
from integration.registration.rules.comers import Comer, ComerState, with_doubles


def comers_of_session(db_session: DbSession, session_id: int) -> list[Comer]:
    """Everybody who has places, an offer, or a place in the queue, in the order of signing up."""
    registrations = db_session.scalars(
        sa.select(Registration)
        .where(Registration.session_id == session_id, Registration.cancelled_at.is_(None))
        .options(joinedload(Registration.household, innerjoin=True), joinedload(Registration.slot))
        .order_by(Registration.created_at, Registration.id)
    )
    comers = [_registered(each) for each in registrations]
    comers += [_waiting(each) for each in open_entries(db_session, session_id)]
    comers += [_group(each) for each in _groups(db_session, session_id)]
    households = [each.household_id for each in comers if each.household_id is not None]
    return with_doubles(comers, _shared_phones(db_session, households))


def registration_at(db_session: DbSession, session_id: int, registration_id: int) -> Registration:
    """Places at this session that have not been given back, with their household; raises NotFound."""
    registration = db_session.scalar(
        sa.select(Registration)
        .where(
            Registration.id == registration_id,
            Registration.session_id == session_id,
            Registration.cancelled_at.is_(None),
        )
        .options(joinedload(Registration.household, innerjoin=True), joinedload(Registration.slot))
    )
    if registration is None:
        raise NotFound(registration_id)
    return registration


def entry_at(db_session: DbSession, session_id: int, entry_id: int) -> WaitingEntry:
    """An open entry in the queue of this session, with its household; raises NotFound."""
    for entry in open_entries(db_session, session_id):
        if entry.id == entry_id:
            return entry
    raise NotFound(entry_id)


def sessions_to_move_to(db_session: DbSession, session: Session, now: datetime) -> list[Session]:
    """The other coming dates of the same activity that take sign-ups, by time."""
    return list(
        db_session.scalars(
            sa.select(Session)
            .where(
                Session.activity_id == session.activity_id,
                Session.id != session.id,
                Session.status == SessionStatus.PLANNED,
                Session.ends_at > now,
                Session.sign_up != SignUpMode.NONE,
                Session.slot_minutes.is_(None),
            )
            .options(joinedload(Session.places, innerjoin=True), joinedload(Session.venue))
            .order_by(Session.starts_at, Session.id)
        )
    )


def _groups(db_session: DbSession, session_id: int) -> list[GroupRegistration]:
    return list(
        db_session.scalars(
            sa.select(GroupRegistration)
            .where(GroupRegistration.session_id == session_id, GroupRegistration.cancelled_at.is_(None))
            .order_by(GroupRegistration.created_at, GroupRegistration.id)
        )
    )


def _shared_phones(db_session: DbSession, household_ids: list[int]) -> list[tuple[int, int]]:
    rows = db_session.execute(
        sa.select(SharedPhone.household_id, SharedPhone.other_id).where(SharedPhone.household_id.in_(household_ids))
    )
    return [(one, other) for one, other in rows]


def _registered(row: Registration) -> Comer:
    household = row.household
    return Comer(
        id=row.id,
        state=ComerState.COMES,
        name=household.name,
        adults=row.adults,
        children=row.children,
        at=row.created_at,
        language=household.language,
        household_id=household.id,
        phone=household.phone,
        email=household.email,
        help=row.help,
        children_0_6=row.children_0_6,
        children_7_12=row.children_7_12,
        children_13_17=row.children_13_17,
        in_series=row.series_id is not None,
        slot_at=row.slot.starts_at if row.slot else None,
    )


def _waiting(row: WaitingEntry) -> Comer:
    household = row.household
    return Comer(
        id=row.id,
        state=ComerState.OFFERED if row.state == WaitingState.OFFERED else ComerState.WAITS,
        name=household.name,
        adults=row.adults,
        children=row.children,
        at=row.queued_at,
        language=household.language,
        household_id=household.id,
        phone=household.phone,
        email=household.email,
        help=row.help,
        children_0_6=row.children_0_6,
        children_7_12=row.children_7_12,
        children_13_17=row.children_13_17,
        is_increase=row.is_increase,
        in_series=row.series_id is not None,
        offer_expires_at=row.offer_expires_at,
        slot_at=row.slot.starts_at if row.slot else None,
        slot_language=row.slot_language,
    )


def _group(row: GroupRegistration) -> Comer:
    return Comer(
        id=row.id,
        state=ComerState.COMES,
        name=row.name,
        adults=row.adults,
        children=row.children,
        at=row.created_at,
        language=row.language,
        phone=row.phone,
        email=row.email,
        help=row.help,
        is_group=True,
    )
