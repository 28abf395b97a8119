"""Reading registrations: one, a household's, a session's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import Registration


@dataclass(frozen=True)
class Totals:
    """How many sign-ups a session has, and for how many people."""

    registrations: int
    adults: int
    children: int


def registration_by_form(db_session: DbSession, form_digest: str) -> Registration | None:
    """What an earlier sending of the same form made."""
    return db_session.scalar(sa.select(Registration).where(Registration.form_digest == form_digest))


def live_registration(db_session: DbSession, session_id: int, household_id: int) -> Registration | None:
    """The household's places at a session, unless given back."""
    return db_session.scalar(
        sa.select(Registration).where(
            Registration.session_id == session_id,
            Registration.household_id == household_id,
            Registration.cancelled_at.is_(None),
        )
    )


def coming_registrations(db_session: DbSession, household_id: int, now: datetime) -> list[tuple[Registration, Session]]:
    """The household's places at sessions that have not ended, cancelled sessions included (rule 14), by time."""
    rows = db_session.execute(
        _with_sessions()
        .where(Registration.household_id == household_id, Session.ends_at > now)
        .order_by(Session.starts_at, Registration.id)
    )
    return [(registration, session) for registration, session in rows]


def registration_of(db_session: DbSession, household_id: int, registration_id: int) -> tuple[Registration, Session]:
    """One of the household's own registrations, cancelled or not, with its session; raises NotFound."""
    found = db_session.execute(
        _with_sessions(cancelled=True).where(
            Registration.household_id == household_id, Registration.id == registration_id
        )
    ).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def all_registrations(db_session: DbSession, household_id: int) -> list[tuple[Registration, Session]]:
    """Everything the household ever signed up for, cancelled or past too, the latest first."""
    rows = db_session.execute(
        _with_sessions(cancelled=True)
        .where(Registration.household_id == household_id)
        .order_by(Session.starts_at.desc(), Registration.id)
    )
    return [(registration, session) for registration, session in rows]


def registrations_of_session(db_session: DbSession, session_id: int) -> list[Registration]:
    """Who comes to a session, with the household, in the order of signing up."""
    return list(
        db_session.scalars(
            sa.select(Registration)
            .where(Registration.session_id == session_id, Registration.cancelled_at.is_(None))
            .options(joinedload(Registration.household, innerjoin=True))
            .order_by(Registration.created_at, Registration.id)
        )
    )


def registration_totals(db_session: DbSession, session_id: int) -> Totals:
    """How many sign-ups a session has and for how many people, without reading who."""
    row = db_session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Registration.adults), 0),
            sa.func.coalesce(sa.func.sum(Registration.children), 0),
        ).where(Registration.session_id == session_id, Registration.cancelled_at.is_(None))
    ).one()
    return Totals(*row)


def _with_sessions(*, cancelled: bool = False) -> sa.Select[Registration, Session]:
    statement = (
        sa.select(Registration, Session)
        .join(Session, Session.id == Registration.session_id)
        .options(
            joinedload(Registration.slot),
            joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True),
            joinedload(Session.venue),
            joinedload(Session.places, innerjoin=True),
        )
    )
    return statement if cancelled else statement.where(Registration.cancelled_at.is_(None))
