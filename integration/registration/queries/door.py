"""What the door may know of households: the codes of living cards, who is expected, and finding a name.

The codes are derived here, for the roster that is sealed with them; they are never stored and never leave as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from integration.activities.models import Session, SessionStatus, Slot
from integration.kernel.database import DbSession
from integration.registration.cards import derived_codes
from integration.registration.models import Card, Household, Registration

MOST_FOUND = 10
ELSEWHERE = timedelta(days=14)

_CARDS: Any = Card.__table__
_PLACES: Any = Registration.__table__


class DoorCard(NamedTuple):
    """A living card, its two codes for the door, and its places at the session, if it has any."""

    pass_code: str
    short_code: str
    pass_digest: str
    visitor_key: str
    places: tuple[int, int] | None
    name: str | None
    needs_help: bool
    slot_at: datetime | None


class Found(NamedTuple):
    """A household of the session that was looked for by name, and the digest that counts its card."""

    name: str
    adults: int
    children: int
    pass_digest: str
    visitor_key: str
    slot_at: datetime | None


def roster_facts(db_session: DbSession, session: Session) -> tuple[object, ...]:
    """What changes whenever a roster does; names are among it, so that none but a keyed digest of it may go out."""
    cards = sa.select(
        sa.func.count(), sa.func.count(Card.revoked_at), sa.func.max(Card.issued_at), sa.func.max(Card.revoked_at)
    ).select_from(Card)
    places = (
        sa.select(
            _PLACES.c.household_id,
            _PLACES.c.adults,
            _PLACES.c.children,
            Household.name,
            _PLACES.c.help.is_not(None),
            Slot.starts_at,
        )
        .join(Household, Household.id == _PLACES.c.household_id)
        .outerjoin(Slot, Slot.id == _PLACES.c.slot_id)
        .where(_PLACES.c.session_id == session.id, _PLACES.c.cancelled_at.is_(None))
        .order_by(_PLACES.c.household_id)
    )
    elsewhere = (
        sa.select(sa.func.count(), sa.func.count(Registration.cancelled_at), sa.func.max(Session.modified_at))
        .join(Session, Session.id == Registration.session_id)
        .where(Session.activity_id == session.activity_id, Session.id != session.id)
    )
    told = [tuple(row) for row in db_session.execute(places)]
    return (*db_session.execute(cards).one(), *db_session.execute(elsewhere).one(), told)


def cards_for_door(db_session: DbSession, session_id: int, card_key: str) -> Iterator[DoorCard]:
    """Every living card, with what the session's sign-ups say about its household."""
    rows = db_session.execute(
        sa.select(
            _CARDS.c.id,
            _CARDS.c.issue,
            _CARDS.c.pass_digest,
            _CARDS.c.visitor_key,
            _PLACES.c.adults,
            _PLACES.c.children,
            Household.name,
            _PLACES.c.help,
            Slot.starts_at,
        )
        .select_from(_with_places(session_id))
        .where(_CARDS.c.revoked_at.is_(None))
    )
    for card_id, issue, digest, key, adults, children, name, needs, slot_at in rows:
        codes = derived_codes(card_key, card_id, issue)
        places = None if adults is None else (adults, children)
        shown = name if places else None
        yield DoorCard(codes.pass_code, codes.short_code, digest, key, places, shown, bool(needs), slot_at)


def signed_up_elsewhere(db_session: DbSession, session: Session) -> dict[str, datetime]:
    """By pass digest: the nearest other date of the same activity that a card without places here is signed up for."""
    place = _PLACES.alias()
    here = sa.exists().where(
        place.c.session_id == session.id, place.c.household_id == Card.household_id, place.c.cancelled_at.is_(None)
    )
    rows = db_session.execute(
        sa.select(Card.pass_digest, Session.starts_at)
        .join(Registration, Registration.household_id == Card.household_id)
        .join(Session, Session.id == Registration.session_id)
        .where(
            Session.activity_id == session.activity_id,
            Session.id != session.id,
            Session.status == SessionStatus.PLANNED,
            Session.starts_at.between(session.starts_at - ELSEWHERE, session.starts_at + ELSEWHERE),
            Registration.cancelled_at.is_(None),
            Card.revoked_at.is_(None),
            ~here,
        )
    )
    nearest: dict[str, datetime] = {}
    for digest, starts_at in rows:
        known = nearest.get(digest)
        if known is None or abs(starts_at - session.starts_at) < abs(known - session.starts_at):
            nearest[digest] = starts_at
    return nearest


def found_by_name(db_session: DbSession, session_id: int, sought: str) -> list[Found]:
    """At most ten households that are signed up for the session and whose name contains what was typed."""
    rows = db_session.execute(
        sa.select(
            Household.name,
            Registration.adults,
            Registration.children,
            Card.pass_digest,
            Card.visitor_key,
            Slot.starts_at,
        )
        .join(Registration, Registration.household_id == Household.id)
        .join(Card, Card.household_id == Household.id)
        .outerjoin(Slot, Slot.id == Registration.slot_id)
        .where(
            Registration.session_id == session_id,
            Registration.cancelled_at.is_(None),
            Card.revoked_at.is_(None),
            Household.name.is_not(None),
        )
        .order_by(Household.name, Household.id)
    )
    plain = sought.casefold()  # databases differ in what they call the same letter; a session's list is short
    found = [Found(row[0] or "", *row[1:]) for row in rows]
    return [each for each in found if plain in each.name.casefold()][:MOST_FOUND]


def own_times(connection: sa.Connection, session_id: int, household_ids: Collection[int]) -> dict[int, datetime]:
    """When the individual times of these households at the session begin, by household."""
    rows = connection.execute(
        sa.select(_PLACES.c.household_id, Slot.starts_at)
        .join(Slot, Slot.id == _PLACES.c.slot_id)
        .where(
            _PLACES.c.session_id == session_id,
            _PLACES.c.household_id.in_(list(household_ids)),
            _PLACES.c.cancelled_at.is_(None),
        )
    )
    return {row.household_id: row.starts_at for row in rows}


def _with_places(session_id: int) -> Any:
    return (
        _CARDS.join(Household, Household.id == _CARDS.c.household_id)
        .outerjoin(
            _PLACES,
            sa.and_(
                _PLACES.c.session_id == session_id,
                _PLACES.c.household_id == _CARDS.c.household_id,
                _PLACES.c.cancelled_at.is_(None),
            ),
        )
        .outerjoin(Slot, Slot.id == _PLACES.c.slot_id)
    )
