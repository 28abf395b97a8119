"""Cards: given out with and without a name, replaced when lost, and the address of their feed stopped."""

from __future__ import annotations

from datetime import datetime
from itertools import count as numbers

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.kernel.events import publish
from integration.kernel.tokens import random_id, random_key
from integration.registration.cards import CodeDigests, code_digests, derived_codes
from integration.registration.events import CardReissued
from integration.registration.models import Card, Household
from integration.registration.services.writing import insert_unless_taken

VISITOR_KEY_LENGTH = 26
"""26 characters of 31: about 128 random bits, so that a key says nothing and meets no other."""


def issue_card(
    db_session: DbSession, household_id: int, card_key: str, now: datetime, *, batch: int | None = None
) -> Card:
    """Give the household its first card; another id is drawn in the rare case that a short code is taken."""
    while True:
        card = _insert_card(db_session, household_id, card_key, now, batch)
        if card is not None:
            return card


def issue_blank_cards(db_session: DbSession, count: int, language: str, card_key: str, now: datetime) -> list[Card]:
    """Give out cards to households of which nothing is known but the language; one batch, to be printed together.

    They open doors at once: a name may be told later, or never.
    """
    batch = random_id()
    households = [Household(id=random_id(), language=language, created_at=now) for _each in range(count)]
    db_session.add_all(households)
    db_session.flush()
    return [issue_card(db_session, each.id, card_key, now, batch=batch) for each in households]


def reissue_card(
    db_session: DbSession,
    card: Card,
    card_key: str,
    now: datetime,
    *,
    seen: int | None = None,
    batch: int | None = None,
) -> Card:
    """Replace a lost card: another issue number, so that the QR, the short code, the link and the feed all die.

    ``seen`` is the issue that was to be replaced, where the card is not found by its own secret: where two ask
    at once, or one asks twice, it is done once and all get the same new card. Raises NotFound when the card is
    no longer one.
    """
    issue, digests = _free_issue(db_session, card, card_key)
    replaced = db_session.execute(
        sa.update(Card)
        .where(Card.id == card.id, Card.issue == (seen or card.issue), Card.revoked_at.is_(None))
        .values(issue=issue, issued_at=now, batch=batch, **vars(digests))
        .returning(Card.id)
        .execution_options(synchronize_session=False)
    ).first()
    db_session.refresh(card)
    if card.revoked_at is not None:
        raise NotFound
    if replaced is not None:
        publish(db_session, CardReissued(card.id, card.household_id, card.issue, now))
    return card


def stop_feed(card: Card) -> None:
    """Let the address of the card's calendar feed die; the next one differs. The card itself stays as it is."""
    card.feed_issue += 1


def _free_issue(db_session: DbSession, card: Card, card_key: str) -> tuple[int, CodeDigests]:
    """The next issue whose short code nobody has: with 34 bits it is nearly always the very next."""
    for issue in numbers(card.issue + 1):
        digests = code_digests(derived_codes(card_key, card.id, issue))
        if not db_session.scalar(sa.select(sa.exists().where(Card.code_digest == digests.code_digest))):
            return issue, digests
    raise AssertionError("issue numbers do not end")


def _insert_card(
    db_session: DbSession, household_id: int, card_key: str, now: datetime, batch: int | None
) -> Card | None:
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
        batch=batch,
    )
