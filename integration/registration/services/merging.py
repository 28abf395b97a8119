"""Two cards of one household become one: what hangs on the gone one moves to the one that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session
from integration.activities.services import release_places
from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.events import publish
from integration.registration.errors import SameHousehold
from integration.registration.events import HouseholdsMerged
from integration.registration.models import (
    OPEN_STATES,
    Card,
    HeldSignUp,
    Household,
    Registration,
    Series,
    WaitingEntry,
)
from integration.registration.services.giving_back import cancel_registration
from integration.registration.services.waiting import leave_queue


@dataclass(frozen=True)
class Stake:
    """What one household has at one session: places, or an open turn in the queue, or both."""

    registration: Registration | None
    entry: WaitingEntry | None

    @property
    def weight(self) -> tuple[bool, int]:
        """Places weigh more than a turn, then more people more than fewer: a family is never split."""
        people = self.registration or self.entry
        return self.registration is not None, (people.adults + people.children) if people else 0


def merge_households(db_session: DbSession, kept: Card, gone: Card, *, account_id: int | None, now: datetime) -> None:
    """Let everything of the gone card's household be the kept one's; the gone card dies, its visits follow.

    At a session where both have something the larger stays and the other is given back. Raises SameHousehold,
    or NotFound when one of the cards is no longer one.
    """
    if kept.household_id == gone.household_id:
        raise SameHousehold
    _lock_cards(db_session, kept, gone)
    keeper, leaver = kept.household_id, gone.household_id
    _settle_sessions(db_session, keeper, leaver, now)
    _settle_series(db_session, keeper, leaver, now)
    for table in (Registration, WaitingEntry, Series, HeldSignUp):
        _move(db_session, table, keeper, leaver)
    _take_over_contact(kept.household, gone.household)
    gone.revoked_at, gone.merged_into, gone.household_id = now, kept.id, keeper
    db_session.flush()
    _forget(db_session, gone, leaver)
    publish(db_session, HouseholdsMerged(keeper, leaver, kept.visitor_key, gone.visitor_key, now))
    record(db_session, Audited.HOUSEHOLDS_MERGED, "household", keeper, account_id=account_id, now=now, gone=leaver)


def stakes(db_session: DbSession, household_id: int) -> dict[int, Stake]:
    """What a household has, by session: its places not given back, and its open turns."""
    places = db_session.scalars(
        sa.select(Registration).where(Registration.household_id == household_id, Registration.cancelled_at.is_(None))
    )
    turns = db_session.scalars(
        sa.select(WaitingEntry).where(WaitingEntry.household_id == household_id, WaitingEntry.state.in_(OPEN_STATES))
    )
    registered = {each.session_id: each for each in places}
    waiting = {each.session_id: each for each in turns}
    return {key: Stake(registered.get(key), waiting.get(key)) for key in registered.keys() | waiting.keys()}


def _lock_cards(db_session: DbSession, *cards: Card) -> None:
    """Nobody replaces or merges either card meanwhile; in one order, so that no two wait for each other."""
    ids = sorted(card.id for card in cards)
    found = db_session.scalars(
        sa.select(Card)
        .where(Card.id.in_(ids), Card.revoked_at.is_(None))
        .order_by(Card.id)
        .with_for_update(of=Card)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) != len(ids):
        raise NotFound


def _settle_sessions(db_session: DbSession, keeper: int, leaver: int, now: datetime) -> None:
    """Where both have something, give back the smaller; sessions in the order of their ids, as everywhere."""
    kept, gone = stakes(db_session, keeper), stakes(db_session, leaver)
    for session_id in sorted(kept.keys() & gone.keys()):
        smaller = gone[session_id] if gone[session_id].weight <= kept[session_id].weight else kept[session_id]
        _give_back(db_session, smaller, session_id, now)


def _give_back(db_session: DbSession, stake: Stake, session_id: int, now: datetime) -> None:
    session = db_session.get_one(Session, session_id)
    if stake.entry is not None:
        leave_queue(db_session, stake.entry, session, now)
    if stake.registration is None:
        return
    if session.ends_at > now:
        cancel_registration(db_session, stake.registration, session, now, told=False)
    else:
        _cancel_past(db_session, stake.registration, now)


def _cancel_past(db_session: DbSession, registration: Registration, now: datetime) -> None:
    """What was, was: only the list and the counter say it once instead of twice."""
    registration.cancelled_at = now
    db_session.flush()
    release_places(db_session, registration.session_id, registration.adults + registration.children)


def _settle_series(db_session: DbSession, keeper: int, leaver: int, now: datetime) -> None:
    """One household is in a series once: the larger one goes on, its dates are settled one by one."""
    live = db_session.scalars(
        sa.select(Series)
        .where(Series.household_id.in_((keeper, leaver)), Series.ended_at.is_(None))
        .order_by(Series.id)
    ).all()
    by_activity: dict[int, list[Series]] = {}
    for each in live:
        by_activity.setdefault(each.activity_id, []).append(each)
    for both in by_activity.values():
        if len(both) > 1:
            min(both, key=lambda each: (each.adults + each.children, each.household_id == keeper)).ended_at = now
    db_session.flush()


def _move(db_session: DbSession, table: Any, keeper: int, leaver: int) -> None:
    """Let rows be the kept household's; a held sign-up that it has too goes with the gone one."""
    move = sa.update(table).where(table.household_id == leaver)
    if table is HeldSignUp:
        move = move.where(
            table.session_id.not_in(sa.select(HeldSignUp.session_id).where(HeldSignUp.household_id == keeper))
        )
    db_session.execute(move.values(household_id=keeper).execution_options(synchronize_session=False))


def _take_over_contact(kept: Household, gone: Household) -> None:
    """What the kept one does not say of itself, the other one may; what both say differently, the kept one's holds."""
    if not (kept.phone or kept.email) and (gone.phone or gone.email):
        kept.reminders, kept.sms_reminders = gone.reminders, gone.sms_reminders
    kept.name = kept.name or gone.name
    kept.phone = kept.phone or gone.phone
    kept.email = kept.email or gone.email
    kept.told_at = max((each.told_at or each.created_at for each in (kept, gone)), default=None)


def _forget(db_session: DbSession, gone: Card, household_id: int) -> None:
    """Delete the household that is no more; what its rows were read as is read anew."""
    db_session.execute(
        sa.delete(Household).where(Household.id == household_id).execution_options(synchronize_session=False)
    )
    db_session.expire_all()
