"""Sign-ups of other shapes in the world of pages: individual times, a series, a group and a stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from integration.accounts.rules import Actor
from integration.activities.models import Activity, Session, SessionKind
from integration.activities.services import create_session
from integration.kernel.database import DbSession
from integration.registration.cards import derived_codes
from integration.registration.models import Household
from integration.registration.queries.groups import stands_of_session
from integration.registration.queries.series import dates_to_join
from integration.registration.rules import People
from integration.registration.services.groups import register_group
from integration.registration.services.series import Joined, Wish, join_series
from integration.registration.services.slots import Booking, book_slot
from integration.registration.services.stands import ask_for_stand
from tests.factories.activities import make_slots
from tests.fixtures.settings import CARD_KEY

CONTACT: dict[str, Any] = {"phone": "+358401234567", "email": None, "language": "sv"}


def plant_ways_in(
    db_session: DbSession, actor: Actor, clinic: Activity, school: Activity, fair: Activity, now: datetime
) -> dict[str, str]:
    """A household with a time and a series, a class and a stand at a fair; their keys and numbers by name."""
    timed = create_session(db_session, actor, clinic, now + timedelta(days=9), now=now)
    slots = make_slots(db_session, timed, languages=("sv", "ar"))
    joined = _join(db_session, school, now)
    booking = _book(db_session, timed, slots[0].id, joined.card.household, now)
    at_fair = create_session(db_session, actor, fair, now + timedelta(days=10), now=now)
    at_fair.kind = SessionKind.FAIR
    group = register_group(
        db_session,
        at_fair,
        name="SFI 2 B",
        contact_name="Läraren",
        adults=2,
        children=13,
        help=None,
        form_token="world-group",
        now=now,
        **CONTACT,
    )
    ask_for_stand(
        db_session,
        at_fair,
        name="Påhittade båtar",
        contact_role="Personalchef",
        needs="El",
        form_token="world-stand",
        now=now,
        **CONTACT,
    )
    return {
        "clinic": timed.key,
        "slot": str(slots[1].id),
        "timed": str(booking.registration.id),
        "fair": at_fair.key,
        "group": str(group.id),
        "stand": str(stands_of_session(db_session, at_fair.id)[0].id),
        "series": str(joined.series.id),
        "series_secret": derived_codes(CARD_KEY, joined.card.id, joined.card.issue).link_secret,
    }


def _join(db_session: DbSession, school: Activity, now: datetime) -> Joined:
    """Every date but the last two."""
    dates = dates_to_join(db_session, school.id, now)[:-2]
    wish = Wish("Sahra", People.by_age(1, 1, 1, 0), None, None, None, "sv")
    return join_series(db_session, school, dates, None, wish, form_token="world-series", card_key=CARD_KEY, now=now)


def _book(db_session: DbSession, session: Session, slot_id: int, household: Household, now: datetime) -> Booking:
    return book_slot(
        db_session,
        session,
        household,
        slot_id,
        name="Sahra",
        language="sv",
        form_token="world-slot",
        card_key=CARD_KEY,
        now=now,
    )
