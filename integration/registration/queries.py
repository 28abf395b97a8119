"""Reading households, cards and registrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from integration.activities.models import Activity, Session, SessionPlaces, SessionStatus, Venue, Visibility
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.tokens import digest
from integration.organisations.models import Organisation
from integration.registration.cards import card_id_of_feed, feed_matches
from integration.registration.models import Card, Registration


@dataclass(frozen=True)
class Totals:
    """How many sign-ups a session has, and for how many people."""

    registrations: int
    adults: int
    children: int


def _facts_of_a_session() -> sa.Select[Any]:
    """A select of every column that a session's page draws on, as plain values that can be compared."""
    sessions, places, activities, organisations, venues = (
        each.__table__ for each in (Session, SessionPlaces, Activity, Organisation, Venue)
    )
    columns = [*sessions.c, *places.c, *activities.c, *organisations.c, *venues.c]
    plain = [
        sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else sa.type_coerce(column, sa.types.NullType())
        for column in columns
    ]
    joined = (
        sessions.join(places, places.c.session_id == sessions.c.id)
        .join(activities, activities.c.id == sessions.c.activity_id)
        .join(organisations, organisations.c.id == activities.c.organisation_id)
        .outerjoin(venues, venues.c.id == sessions.c.venue_id)
    )
    labelled: list[Any] = [column.label(f"fact_{number}") for number, column in enumerate(plain)]
    return sa.select(*labelled).select_from(joined).where(sessions.c.key == sa.bindparam("key"))


_FACTS = _facts_of_a_session()


def session_facts(connection: sa.Connection, key: str) -> tuple[Any, ...]:
    """Everything that a session's page says, in one statement: equal facts make equal pages. Raises NotFound.

    On a bare connection: it reads no objects, and a unit of work would cost more than the reading.
    """
    found = connection.execute(_FACTS, {"key": key}).first()
    if found is None:
        raise NotFound(key)
    return tuple(found)


def card_by_link(db_session: DbSession, secret: str) -> Card:
    """The living card that this link secret manages, with its household; raises NotFound."""
    return _living_card(db_session, Card.link_digest == digest(secret.upper()))


def card_by_pass(db_session: DbSession, code: str) -> Card:
    """The living card whose QR holds this code; raises NotFound. The short code opens no page."""
    return _living_card(db_session, Card.pass_digest == digest(code.upper()))


def card_by_feed(db_session: DbSession, card_key: str, token: str) -> Card:
    """The living card whose calendar feed has this address; raises NotFound."""
    card_id = card_id_of_feed(token)
    card = db_session.get(Card, card_id) if card_id is not None else None
    if card is None or card.revoked_at or not feed_matches(token, card_key, card.id, card.issue, card.feed_issue):
        raise NotFound
    return card


def card_of_household(db_session: DbSession, household_id: int) -> Card:
    """The household's living card, the last one issued; raises NotFound."""
    return _living_card(db_session, Card.household_id == household_id)


def remembered_card(db_session: DbSession, secret: str, session_id: int) -> tuple[Card, Registration | None] | None:
    """The card that a phone remembers and its places at this session, in one statement; None if the card died."""
    found = db_session.execute(
        sa.select(Card, Registration)
        .outerjoin(
            Registration,
            sa.and_(
                Registration.household_id == Card.household_id,
                Registration.session_id == session_id,
                Registration.cancelled_at.is_(None),
            ),
        )
        .where(Card.link_digest == digest(secret), Card.revoked_at.is_(None))
    ).first()
    return (found[0], found[1]) if found else None


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


def doors_on(db_session: DbSession, on: date, organisation_ids: frozenset[int] | None) -> list[Session]:
    """The planned sessions of this local date in these organisations (None: all), by time."""
    statement = (
        sa.select(Session)
        .join(Session.activity)
        .options(contains_eager(Session.activity), joinedload(Session.venue))
        .where(
            Session.local_on == on,
            Session.status == SessionStatus.PLANNED,
            Session.visibility != Visibility.CLOSED,
        )
        .order_by(Session.starts_at, Session.id)
    )
    if organisation_ids is not None:
        statement = statement.where(Activity.organisation_id.in_(organisation_ids))
    return list(db_session.scalars(statement))


def _living_card(db_session: DbSession, condition: sa.ColumnElement[bool]) -> Card:
    card = db_session.scalar(
        sa.select(Card).where(condition, Card.revoked_at.is_(None)).order_by(Card.issued_at.desc()).limit(1)
    )
    if card is None:
        raise NotFound
    return card


def _with_sessions(*, cancelled: bool = False) -> sa.Select[Registration, Session]:
    statement = (
        sa.select(Registration, Session)
        .join(Session, Session.id == Registration.session_id)
        .options(
            joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True),
            joinedload(Session.venue),
            joinedload(Session.places, innerjoin=True),
        )
    )
    return statement if cancelled else statement.where(Registration.cancelled_at.is_(None))
