"""Cards: given out, and the address of their feed stopped."""

from __future__ import annotations

from datetime import datetime

from integration.kernel.database import DbSession
from integration.kernel.tokens import random_id, random_key
from integration.registration.cards import code_digests, derived_codes
from integration.registration.models import Card
from integration.registration.services.writing import insert_unless_taken

VISITOR_KEY_LENGTH = 26
"""26 characters of 31: about 128 random bits, so that a key says nothing and meets no other."""


def issue_card(db_session: DbSession, household_id: int, card_key: str, now: datetime) -> Card:
    """Give the household its first card; another id is drawn in the rare case that a short code is taken."""
    while True:
        card = _insert_card(db_session, household_id, card_key, now)
        if card is not None:
            return card


def stop_feed(card: Card) -> None:
    """Let the address of the card's calendar feed die; the next one differs. The card itself stays as it is."""
    card.feed_issue += 1


def _insert_card(db_session: DbSession, household_id: int, card_key: str, now: datetime) -> Card | None:
    card_id, issue = random_id(), 1
    digests = code_digests(derived_codes(card_key, card_id, issue))
    return insert_unless_taken(
        db_session,
        Card,
        id=card_id,
        household_id=household_id,
        issue=issue,
        pass_digest=digests.pass_digest,
        code_digest=digests.code_digest,
        link_digest=digests.link_digest,
        visitor_key=random_key(VISITOR_KEY_LENGTH),
        issued_at=now,
    )
