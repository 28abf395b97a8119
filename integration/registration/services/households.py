"""Verbs of a household: what it wishes, and being deleted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.registration.events import HouseholdDeleted
from integration.registration.models import Household
from integration.registration.services.giving_back import cancel_everything


def set_reminders(db_session: DbSession, household: Household, *, wanted: bool) -> None:
    """Say whether the household wants to be reminded; one that is queued already asks again when it leaves."""
    household.reminders = wanted
    db_session.flush()


def set_language(db_session: DbSession, household: Household, code: str) -> None:
    """The language of messages to the household and of its printed card."""
    household.language = code
    db_session.flush()


def name_household(
    db_session: DbSession,
    household: Household,
    *,
    name: str | None,
    phone: str | None,
    email: str | None,
    language: str,
    now: datetime,
) -> None:
    """Write down at a desk what a household says of itself; what it leaves empty is not known any more."""
    household.name, household.phone, household.email = name, phone, email
    household.language = language
    household.told_at = now
    db_session.flush()


def set_sms_reminders(db_session: DbSession, household: Household, *, wanted: bool) -> None:
    """Say whether the household wants an SMS two hours before; one that is queued asks again when it leaves."""
    household.sms_reminders = wanted
    db_session.flush()


def delete_household(db_session: DbSession, household: Household, now: datetime) -> None:
    """Delete everything that tells who they are; coming places go to others, past visits stay as numbers."""
    household_id = household.id
    cancel_everything(db_session, household_id, now)
    db_session.flush()
    db_session.execute(
        sa.delete(Household).where(Household.id == household_id).execution_options(synchronize_session=False)
    )
    publish(db_session, HouseholdDeleted(household_id, now))
