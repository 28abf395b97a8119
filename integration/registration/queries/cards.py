"""Finding a card by one of its secrets, or by its household."""

from __future__ import annotations

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.tokens import digest
from integration.registration.cards import card_id_of_feed, feed_matches
from integration.registration.models import Card, Registration


def card_by_link(db_session: DbSession, secret: str) -> Card:
    """The living card that this link secret manages, with its household; raises NotFound."""
    return living_card(db_session, Card.link_digest == digest(secret.upper()))


def card_by_pass(db_session: DbSession, code: str) -> Card:
    """The living card whose QR holds this code; raises NotFound. The short code opens no page."""
    return living_card(db_session, Card.pass_digest == digest(code.upper()))


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


def living_card(db_session: DbSession, condition: sa.ColumnElement[bool]) -> Card:
    card = db_session.scalar(
        sa.select(Card).where(condition, Card.revoked_at.is_(None)).order_by(Card.issued_at.desc()).limit(1)
    )
    if card is None:
        raise NotFound
    return card
