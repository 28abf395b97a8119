"""Venues, activities and sessions for tests; committing is the test's."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from integration.activities.models import (
    Activity,
    ActivityPartner,
    Audience,
    Session,
    SessionKind,
    SessionPartner,
    SessionPlaces,
    SessionStatus,
    SignUpMode,
    Slot,
    Venue,
    Visibility,
)
from integration.activities.rules import planned_slots
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_key
from tests.factories.organisations import make_organisation

_numbers = count(1)


def make_venue(db_session: DbSession, **over: Any) -> Venue:
    """A venue with a name in both equal languages."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"venue-{number}",
        "name": {"sv": f"Huset {number}", "fi": f"Talo {number}", "en": f"House {number}"},
        "address": {"sv": f"Storgatan {number}", "fi": f"Isokatu {number}"},
        "directions": {},
    }
    venue = Venue(**{**values, **over})
    db_session.add(venue)
    db_session.flush()
    return venue


def make_activity(db_session: DbSession, *, partners: list[int] | None = None, **over: Any) -> Activity:
    """A public café of two hours with 20 places; ``partners`` are organisation ids."""
    number = next(_numbers)
    if "organisation" not in over and "organisation_id" not in over:
        over["organisation"] = make_organisation(db_session)
    if "venue" not in over and "venue_id" not in over:
        over["venue"] = make_venue(db_session)
    values: dict[str, Any] = {
        "slug": f"activity-{number}",
        "title": {"sv": f"Kafé {number}", "fi": f"Kahvila {number}", "en": f"Café {number}"},
        "description": {"sv": "Kom och prata.", "fi": "Tule juttelemaan.", "en": "Come and talk."},
        "mark": "social",
        "icon": "cafe",
        "kind": SessionKind.CAFE,
        "audience": Audience.RESIDENTS,
        "visibility": Visibility.PUBLIC,
        "sign_up": SignUpMode.OPEN,
        "capacity": 20,
        "duration_minutes": 120,
        "languages": ["sv", "fi"],
        "language_support": [],
        "asks_age_groups": False,
        "sensitive": False,
        "contact_role": {"sv": "Värden", "fi": "Isäntä", "en": "The host"},
        "contact_phone": "06 000 0000",
        "created_at": utc_now(),
    }
    activity = Activity(**{**values, **over})
    activity.partners = [ActivityPartner(organisation_id=each) for each in partners or []]
    db_session.add(activity)
    db_session.flush()
    return activity


def make_session(
    db_session: DbSession,
    *,
    activity: Activity | None = None,
    starts_at: datetime | None = None,
    capacity: int | None = 20,
    taken: int = 0,
    offered: int = 0,
    partners: dict[int, bool | None] | None = None,
    **over: Any,
) -> Session:
    """A planned session in two days with its row of places; ``partners`` maps organisation ids to presence."""
    activity = activity or make_activity(db_session)
    starts_at = starts_at or utc_now() + timedelta(days=2)
    values: dict[str, Any] = {
        "key": random_key(),
        "activity": activity,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=activity.duration_minutes),
        "local_on": local_date(starts_at),
        "status": SessionStatus.PLANNED,
        "sign_up_closed": False,
        "title": None,
        "description": None,
        "online_url": None,
        "group_name": None,
        "sequence": 0,
        "created_at": utc_now(),
        "modified_at": utc_now(),
        **_as_activity(activity),
    }
    if "venue" not in over and "venue_id" not in over:
        over["venue"] = activity.venue
    session = Session(**{**values, **over})
    session.places = SessionPlaces(capacity=capacity, taken=taken, offered=offered)
    session.partners = [
        SessionPartner(organisation_id=each, present=present) for each, present in (partners or {}).items()
    ]
    db_session.add(session)
    db_session.flush()
    return session


def make_slots(
    db_session: DbSession, session: Session, *, times: int = 3, languages: tuple[str, ...] = ("sv",)
) -> list[Slot]:
    """Individual times of twenty minutes from the start of a session on, at a desk for each language."""
    last_at = session.starts_at + timedelta(minutes=20 * (times - 1))
    planned = planned_slots(session.starts_at, last_at, 20, languages)
    slots = [Slot(session_id=session.id, **each._asdict()) for each in planned]
    db_session.add_all(slots)
    session.slot_minutes, session.places.capacity = 20, len(slots)
    db_session.flush()
    return slots


def _as_activity(activity: Activity) -> dict[str, Any]:
    names = ("kind", "audience", "visibility", "sign_up", "sensitive", "contact_role", "contact_phone")
    return {
        **{name: getattr(activity, name) for name in names},
        "languages": list(activity.languages),
        "language_support": list(activity.language_support),
    }
