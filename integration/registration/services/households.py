"""Verbs of a household: what it wishes, and being deleted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.events import HouseholdDeleted
from integration.registration.models import Household
from integration.registration.queries import (
    coming_registrations,
)
from integration.registration.services.giving_back import cancel_registration


def set_reminders(db_session: DbSession, household: Household, *, wanted: bool) -> None:
    """Say whether the household wants to be reminded; one that is queued already asks again when it leaves."""
    household.reminders = wanted
    db_session.flush()


def delete_household(db_session: DbSession, household: Household, now: datetime) -> None:
    """Delete everything that tells who they are; coming places go to others, past visits stay as numbers."""
    household_id = household.id
    for registration, session in coming_registrations(db_session, household_id, now):
        cancel_registration(db_session, registration, session, now)
    db_session.flush()
    db_session.execute(
        sa.delete(Household).where(Household.id == household_id).execution_options(synchronize_session=False)
    )
    publish(db_session, HouseholdDeleted(household_id, now))
