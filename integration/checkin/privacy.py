"""Forgetting: name and contact go 120 days after a household's last session, signed up for or visited.

It lives here because this is the first feature that knows both the sign-ups and the visits. The card goes on
without a name; attendance carries only a key and stays (product rule on retention; GDPR article 5(1)(e)).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from integration.activities.models import Session
from integration.checkin.models import Attendance
from integration.kernel.database import DbSession
from integration.registration.models import (
    Card,
    GroupRegistration,
    HeldSignUp,
    Household,
    Registration,
    Stand,
    WaitingEntry,
)
from integration.registration.rules import KEPT_DAYS


def forget_contacts(db_session: DbSession, now: datetime) -> None:
    """Empty the personal columns of every household whose last session is long enough ago; idempotent."""
    since = now - timedelta(days=KEPT_DAYS)
    signed_up = sa.exists().where(
        Registration.household_id == Household.id,
        Registration.cancelled_at.is_(None),
        Registration.session_id == Session.id,
        Session.ends_at > since,
    )
    visited = sa.exists().where(
        Card.household_id == Household.id,
        Attendance.visitor_key == Card.visitor_key,
        Attendance.session_id == Session.id,
        Session.ends_at > since,
    )
    old = [Household.created_at <= since, sa.func.coalesce(Household.told_at, since) <= since, ~signed_up, ~visited]
    forgotten = sa.select(Household.id).where(*old)
    _empty(db_session, sa.update(Registration).where(Registration.household_id.in_(forgotten)), "help")
    _empty(db_session, sa.update(Household).where(*old), "name", "phone", "email")
    ended = sa.select(Session.id).where(Session.ends_at <= since)
    contact = ("name", "contact_name", "phone", "email", "help")
    _empty(db_session, sa.update(GroupRegistration).where(GroupRegistration.session_id.in_(ended)), *contact)
    _empty(db_session, sa.update(WaitingEntry).where(WaitingEntry.session_id.in_(ended)), "help")
    _empty(db_session, sa.update(HeldSignUp).where(HeldSignUp.session_id.in_(ended)), "help")
    wish = ("organisation_name", "contact_role", "phone", "email", "needs")
    _empty(db_session, sa.update(Stand).where(Stand.session_id.in_(ended)), *wish)


def _empty(db_session: DbSession, update: sa.Update, *columns: str) -> None:
    db_session.execute(update.values(dict.fromkeys(columns)).execution_options(synchronize_session=False))
