"""Finding a card by one of its secrets, or by its household."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.tokens import digest
from integration.registration.cards import card_id_of_feed, feed_matches, normalized
from integration.registration.models import OPEN_STATES, Card, Registration, WaitingEntry


def card_by_link(db_session: DbSession, secret: str) -> Card:
    """The living card that this link secret manages, with its household; raises NotFound."""
    return living_card(db_session, Card.link_digest == digest(secret.upper()))


def card_by_pass(db_session: DbSession, code: str) -> Card:
    """The living card whose QR holds this code; raises NotFound. The short code opens no page."""
    return living_card(db_session, Card.pass_digest == digest(code.upper()))


def card_by_short_code(db_session: DbSession, code: str) -> Card:
    """The living card with this say-able code, for staff at a desk; raises NotFound."""
    return living_card(db_session, Card.code_digest == digest(normalized(code)))


def card_by_feed(db_session: DbSession, card_key: str, token: str) -> Card:
    """The living card whose calendar feed has this address; raises NotFound."""
    card_id = card_id_of_feed(token)
    card = db_session.get(Card, card_id) if card_id is not None else None
    if card is None or card.revoked_at or not feed_matches(token, card_key, card.id, card.issue, card.feed_issue):
        raise NotFound
    return card


def card_of_household(db_session: DbSession, household_id: int) -> Card:
    """The household's living card, the last one issued; raises NotFound."""
    return living_card(db_session, Card.household_id == household_id)


class Known(NamedTuple):
    """What a phone's card says about one session: places, or an open entry in its queue, or both."""

    card: Card
    registration: Registration | None
    entry: WaitingEntry | None


def remembered_card(db_session: DbSession, secret: str, session_id: int | None) -> Known | None:
    """The card that a phone remembers and what it has at this session, in one statement; None if the card died.

    Without a session it has nothing.
    """
    here = sa.and_(
        Registration.household_id == Card.household_id,
        Registration.session_id == session_id,
        Registration.cancelled_at.is_(None),
    )
    waits = sa.and_(
        WaitingEntry.household_id == Card.household_id,
        WaitingEntry.session_id == session_id,
        WaitingEntry.state.in_(OPEN_STATES),
    )
    found = db_session.execute(
        sa.select(Card, Registration, WaitingEntry)
        .outerjoin(Registration, here)
        .outerjoin(WaitingEntry, waits)
        .where(Card.link_digest == digest(secret), Card.revoked_at.is_(None))
    ).first()
    return Known(*found) if found else None


def remembered_cards(db_session: DbSession, secrets: list[str], session_id: int | None) -> list[Known]:
    """The same for every card that a phone remembers, in its order; dead ones are left out."""
    found = [remembered_card(db_session, secret, session_id) for secret in secrets]
    return [each for each in found if each is not None]


def cards_of_batch(db_session: DbSession, batch: int, since: datetime) -> list[Card]:
    """The cards that a desk issued together, if that was lately: later a lost sheet is replaced, not printed again."""
    statement = sa.select(Card).where(Card.batch == batch, Card.revoked_at.is_(None), Card.issued_at > since)
    return list(db_session.scalars(statement.order_by(Card.id)))


def living_card(db_session: DbSession, condition: sa.ColumnElement[bool]) -> Card:
    card = db_session.scalar(
        sa.select(Card).where(condition, Card.revoked_at.is_(None)).order_by(Card.issued_at.desc()).limit(1)
    )
    if card is None:
        raise NotFound
    return card
