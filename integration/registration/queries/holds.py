"""Reading floods of sign-ups, and what of them is held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import (
    OPEN_STATES,
    HeldSignUp,
    Hold,
    Household,
    Registration,
    SignUpOrigin,
    WaitingEntry,
)


@dataclass(frozen=True)
class Arrivals:
    """How many sign-ups came from a network, and for how many people."""

    sign_ups: int
    people: int


def arrivals_since(db_session: DbSession, network: str, since: datetime) -> Arrivals:
    """What came from a network since a moment."""
    row = db_session.execute(
        sa.select(
            sa.func.count().filter(SignUpOrigin.people > 0), sa.func.coalesce(sa.func.sum(SignUpOrigin.people), 0)
        ).where(SignUpOrigin.network == network, SignUpOrigin.at >= since)
    ).one()
    return Arrivals(*row)


def latest_hold(db_session: DbSession, network: str) -> Hold | None:
    """The last flood from a network on this day."""
    return db_session.scalar(
        sa.select(Hold).where(Hold.network == network).order_by(Hold.began_at.desc()).limit(1).with_for_update()
    )


def unknown_arrivals(
    db_session: DbSession, network: str, since: datetime
) -> list[tuple[Registration | WaitingEntry, Session, int]]:
    """What households that were new since a moment have from a network, by session; of one session its queue first.

    The number is the turn: in which order they came.
    """
    rows: list[tuple[Registration | WaitingEntry, Session, int]] = []
    for entry, session, turn in db_session.execute(_new_from(WaitingEntry, network, since)):
        if entry.is_open:
            rows.append((entry, session, turn))
    for registration, session, turn in db_session.execute(_new_from(Registration, network, since)):
        if registration.cancelled_at is None:
            rows.append((registration, session, turn))
    return sorted(rows, key=lambda pair: pair[1].id)


def _new_from(
    model: type[Registration] | type[WaitingEntry], network: str, since: datetime
) -> sa.Select[Any, Session, int]:
    came = (
        sa.select(SignUpOrigin.household_id, SignUpOrigin.session_id, sa.func.min(SignUpOrigin.turn).label("turn"))
        .where(SignUpOrigin.network == network, SignUpOrigin.at >= since)
        .group_by(SignUpOrigin.household_id, SignUpOrigin.session_id)
        .subquery()
    )
    here = sa.and_(came.c.household_id == model.household_id, came.c.session_id == model.session_id)
    return (
        sa.select(model, Session, came.c.turn)
        .join(Session, Session.id == model.session_id)
        .join(Household, Household.id == model.household_id)
        .join(came, here)
        .where(Household.created_at >= since)
        .order_by(Session.id, model.id)
    )


def held_by_form(db_session: DbSession, form_digest: str) -> HeldSignUp | None:
    """What an earlier sending of the same form made, if it was held."""
    return db_session.scalar(sa.select(HeldSignUp).where(HeldSignUp.form_digest == form_digest))


def held_of_household(db_session: DbSession, household_id: int) -> list[HeldSignUp]:
    """What of a household's sign-ups staff still have to look at, with the sessions."""
    statement = (
        sa.select(HeldSignUp)
        .join(HeldSignUp.session)
        .where(HeldSignUp.household_id == household_id)
        .options(joinedload(HeldSignUp.session, innerjoin=True).joinedload(Session.activity, innerjoin=True))
        .order_by(Session.starts_at)
    )
    return list(db_session.scalars(statement))


def held_of_hold(db_session: DbSession, hold_id: int, organisation_ids: Collection[int] | None) -> list[HeldSignUp]:
    """What hangs on a flood, of these organisations' sessions (None: of all)."""
    statement = (
        sa.select(HeldSignUp)
        .join(Session, Session.id == HeldSignUp.session_id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(HeldSignUp.hold_id == hold_id)
        .options(
            joinedload(HeldSignUp.household, innerjoin=True),
            joinedload(HeldSignUp.session, innerjoin=True).joinedload(Session.places, innerjoin=True),
            joinedload(HeldSignUp.session, innerjoin=True).joinedload(Session.activity, innerjoin=True),
        )
        .order_by(HeldSignUp.created_at, HeldSignUp.id)
    )
    if organisation_ids is not None:
        statement = statement.where(Activity.organisation_id.in_(organisation_ids))
    return list(db_session.scalars(statement))


@dataclass(frozen=True)
class HoldOfSession:
    """What a flood holds of one session."""

    hold_id: int
    began_at: datetime
    sign_ups: int
    people: int


def holds_of_session(db_session: DbSession, session_id: int) -> list[HoldOfSession]:
    """The floods of which something is held for this session."""
    rows = db_session.execute(
        sa.select(
            Hold.id,
            Hold.began_at,
            sa.func.count(HeldSignUp.id),
            sa.func.sum(HeldSignUp.adults + HeldSignUp.children),
        )
        .join(HeldSignUp, HeldSignUp.hold_id == Hold.id)
        .where(HeldSignUp.session_id == session_id)
        .group_by(Hold.id, Hold.began_at)
        .order_by(Hold.began_at)
    )
    return [HoldOfSession(*row) for row in rows]


def hold_by_id(db_session: DbSession, hold_id: int) -> Hold:
    """One flood; raises NotFound. Locked where it is about to be decided, so that two do not decide at once."""
    hold = db_session.scalar(sa.select(Hold).where(Hold.id == hold_id).with_for_update())
    if hold is None:
        raise NotFound(hold_id)
    return hold


def network_of_registration(db_session: DbSession, registration: Registration) -> str | None:
    """From which network places were taken, as long as that is kept."""
    return db_session.scalar(
        sa.select(SignUpOrigin.network)
        .where(
            SignUpOrigin.household_id == registration.household_id,
            SignUpOrigin.session_id == registration.session_id,
        )
        .order_by(SignUpOrigin.at.desc())
        .limit(1)
    )


def is_without_places(db_session: DbSession, household_id: int) -> bool:
    """Whether a household neither has nor waits for places, nor has anything held: it is nothing but a card."""
    found = db_session.scalar(
        sa.select(
            sa.or_(
                sa.exists().where(Registration.household_id == household_id, Registration.cancelled_at.is_(None)),
                sa.exists().where(HeldSignUp.household_id == household_id),
                sa.exists().where(WaitingEntry.household_id == household_id, WaitingEntry.state.in_(OPEN_STATES)),
            )
        )
    )
    return not found
