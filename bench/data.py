"""Rows to measure with: one session with its door, and as many cards signed up to it as there are scans to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from integration.activities.models import Activity, Session, SessionPlaces, SignUpMode, Venue
from integration.activities.rules import details_of_activity
from integration.activities.services.sessions import add_session
from integration.calendars.services import rebuild
from integration.checkin.models import DoorDevice
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession, transaction
from integration.kernel.tokens import digest, random_token
from integration.organisations.models import Organisation, OrganisationKind
from integration.registration.cards import code_digests, derived_codes
from integration.registration.models import Card, Household, Registration

CHUNK = 2000


@dataclass(frozen=True)
class Prepared:
    """What the requests need: the session's key, the door's token and the digests of the cards' codes."""

    session_key: str
    token: str
    digests: list[str]


def prepare(app: Flask, cards: int) -> Prepared:
    """Fill an empty, migrated database; every card is signed up for two adults and a child."""
    with app.app_context(), transaction() as db_session:
        session = _session(db_session)
        token = random_token()
        now = utc_now()
        db_session.add(
            DoorDevice(
                session_id=session.id,
                name="bench",
                token_digest=digest(token),
                paired_at=now,
                opens_at=now - timedelta(hours=1),
                closes_at=now + timedelta(hours=6),
            )
        )
        card_key = app.extensions["settings"].card_key
        digests = [d for first in range(0, cards, CHUNK) for d in _cards(db_session, session.id, card_key, first)]
        return Prepared(session.key, token, digests[:cards])


def prepare_feed(app: Flask, sessions: int) -> str:
    """Give an activity so many sessions to come; the address of its feed."""
    with app.app_context(), transaction() as db_session:
        activity = db_session.scalars(sa.select(Activity)).one()
        now = utc_now()
        for number in range(sessions - 1):
            start = now + timedelta(days=1, hours=number)
            add_session(db_session, activity, start, start + timedelta(hours=3), details_of_activity(activity), now)
        db_session.flush()
        rebuild(db_session, now)
        return f"/calendar/activities/{activity.slug}.ics"


def _session(db_session: DbSession) -> Session:
    texts = {"sv": "Kulturkafé: te och berättelser", "fi": "Kulttuurikahvila", "en": "Culture café"}
    organisation = Organisation(slug="bench", kind=OrganisationKind.ASSOCIATION, name=texts)
    venue = Venue(slug="bench", name=texts, address=texts, directions=texts)
    now = utc_now()
    activity = Activity(
        slug="bench",
        organisation=organisation,
        venue=venue,
        title=texts,
        description=texts,
        mark="social",
        icon="cafe",
        kind="cafe",
        audience="residents",
        visibility="public",
        sign_up=SignUpMode.OPEN,
        capacity=1_000_000,
        duration_minutes=180,
        languages=["sv", "fi", "ar", "so"],
        language_support=["interpreter"],
        asks_age_groups=False,
        sensitive=False,
        contact_role=texts,
        contact_phone="06 000 0000",
        created_at=now,
    )
    db_session.add(activity)
    db_session.flush()
    session = add_session(
        db_session, activity, now + timedelta(minutes=5), now + timedelta(hours=3), details_of_activity(activity), now
    )
    db_session.flush()
    return session


def _cards(db_session: DbSession, session_id: int, card_key: str, first: int) -> list[str]:
    """Insert one chunk of households with their card and registration; the digests of their codes."""
    now = utc_now()
    numbers = range(first + 1, first + CHUNK + 1)
    digests = {number: code_digests(derived_codes(card_key, number, 1)) for number in numbers}
    db_session.execute(
        sa.insert(Household), [{"id": n, "name": "Bench", "language": "sv", "created_at": now} for n in numbers]
    )
    db_session.execute(
        sa.insert(Card),
        [
            {"id": n, "household_id": n, "issue": 1, "visitor_key": f"{n:032x}", "issued_at": now, **vars(digests[n])}
            for n in numbers
        ],
    )
    places = {"adults": 2, "children": 1, "children_0_6": 0, "children_7_12": 0, "children_13_17": 0}
    db_session.execute(
        sa.insert(Registration),
        [{"id": n, "session_id": session_id, "household_id": n, "created_at": now, **places} for n in numbers],
    )
    db_session.execute(
        sa.update(SessionPlaces)
        .where(SessionPlaces.session_id == session_id)
        .values(taken=SessionPlaces.taken + 3 * len(numbers))
    )
    return [digests[n].pass_digest for n in numbers]
