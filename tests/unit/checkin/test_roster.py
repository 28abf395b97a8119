"""What a phone takes along: nothing readable, and each item opens with its own card's code only."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session as DbSession

from integration.activities.models import Slot
from integration.checkin.queries import roster_content, roster_version
from integration.checkin.rules import sealing_key
from integration.checkin.services import record_scans
from integration.kernel.clock import utc_now
from integration.registration.cards import Codes, derived_codes
from integration.registration.models import Card
from tests.factories.activities import make_session
from tests.factories.checkin import make_card_with_places, make_device, make_running_session, scan_of
from tests.factories.registration import make_card, make_household
from tests.fixtures.settings import CARD_KEY

NAMES = ("Amina Exempel", "Örjan Malli", "Zedda")
"""The shortest is so long that random base64 does not spell it by chance: three letters it does, now and then."""
PHONE, EMAIL = "+358401234567", "amina@example.com"


def codes_of(card: Card) -> Codes:
    return derived_codes(CARD_KEY, card.id, card.issue)


def opened(item: list[str], code: str, salt: bytes, session_key: str) -> dict[str, Any]:
    """Open a sealed item as a phone does."""
    raw = base64.b64decode(item[1])
    facts: dict[str, Any] = json.loads(AESGCM(sealing_key(code, salt, session_key)).decrypt(raw[:12], raw[12:], None))
    return facts


def test_each_item_opens_with_its_own_card_and_nothing_else(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, "T")
    signed_up = []
    for name in NAMES:
        card, registration = make_card_with_places(db_session, session, 2, 1)
        registration.household.name, registration.household.phone = name, PHONE
        registration.household.email, registration.help = EMAIL, "hiss"
        signed_up.append(card)
    passer_by, dead = make_card(db_session), make_card(db_session)
    dead.revoked_at = utc_now()
    db_session.flush()
    record_scans(db_session, "T", [scan_of(signed_up[0], adults=1)], utc_now())
    roster = roster_content(db_session, session, CARD_KEY)
    salt = base64.b64decode(roster["salt"])
    living = [*signed_up, passer_by]
    prefixes = base64.b64decode(roster["cards"])
    assert [prefixes[start : start + 8] for start in range(0, len(prefixes), 8)] == sorted(
        sha256(codes_of(card).pass_code.encode()).digest()[:8] for card in living
    )
    sealed = {item[0]: item for item in roster["sealed"]}
    assert len(sealed) == len(NAMES)
    for card, name in zip(signed_up, NAMES, strict=True):
        item = sealed[card.pass_digest[:16]]
        facts = opened(item, codes_of(card).pass_code, salt, session.key)
        arrived = [1, 0] if name == NAMES[0] else [0, 0]
        assert facts == {"name": name, "adults": 2, "children": 1, "help": True, "arrived": arrived, "slot": None}
        wrong = [codes_of(other).pass_code for other in living if other is not card]
        for code in [*wrong, codes_of(card).short_code, codes_of(card).link_secret, ""]:
            with pytest.raises(InvalidTag):
                opened(item, code, salt, session.key)
        with pytest.raises(InvalidTag):
            opened(item, codes_of(card).pass_code, salt, "another session")
    marks = {mark for mark, *_people in roster["codes"]}
    assert marks == {sha256(salt + codes_of(card).short_code.encode()).hexdigest()[:6] for card in living}
    _nothing_is_readable(roster, living)


def _nothing_is_readable(roster: dict[str, Any], cards: list[Card]) -> None:
    text = json.dumps(roster, ensure_ascii=False)
    unpacked = text + "".join(base64.b64decode(item[1]).decode("latin-1") for item in roster["sealed"])
    secrets = [secret for card in cards for secret in (*codes_of(card), card.visitor_key, str(card.household_id))]
    digests = [each for card in cards for each in (card.pass_digest, card.code_digest, card.link_digest)]
    for readable in (*NAMES, *(name.split()[0] for name in NAMES), PHONE, PHONE[4:], EMAIL, "hiss", *secrets, *digests):
        assert readable not in unpacked, readable
    assert len({len(item[1]) for item in roster["sealed"]}) == 1, "the length of a name does not show"


def test_two_rosters_share_no_salt_and_no_sealed_byte(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_card_with_places(db_session, session, 1, 0)
    one, two = (roster_content(db_session, session, CARD_KEY) for _ in range(2))
    assert one["salt"] != two["salt"]
    assert one["sealed"] != two["sealed"]
    assert one["codes"] != two["codes"]
    assert one["cards"] == two["cards"]


def test_cards_of_another_date_are_known_by_it(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    near = make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=7))
    far = make_session(db_session, activity=session.activity, starts_at=session.starts_at + timedelta(days=15))
    for other in (near, far, session):
        make_card_with_places(db_session, other, 1, 0)
    card, _ = make_card_with_places(db_session, near, 1, 0)
    roster = roster_content(db_session, session, CARD_KEY)
    assert len(roster["elsewhere"]) == 2
    assert [card.pass_digest[:16], near.starts_at.isoformat()] in roster["elsewhere"]


def test_a_sensitive_session_has_no_cards_on_its_phones(db_session: DbSession) -> None:
    session = make_running_session(db_session, sensitive=True)
    make_card_with_places(db_session, session, 2, 1)
    roster = roster_content(db_session, session, CARD_KEY)
    assert (roster["cards"], roster["codes"], roster["sealed"], roster["elsewhere"]) == ("", [], [], [])


def test_the_version_moves_with_whatever_a_roster_tells(db_session: DbSession) -> None:
    session = make_running_session(db_session)
    make_device(db_session, session, "T")
    seen = [roster_version(db_session, session, CARD_KEY)]

    def moved() -> bool:
        db_session.flush()
        seen.append(roster_version(db_session, session, CARD_KEY))
        return seen[-1] not in seen[:-1]

    assert roster_version(db_session, session, CARD_KEY) == seen[0]
    assert roster_version(db_session, session, "another key" * 3) != seen[0], "nobody can try names against it"
    card, registration = make_card_with_places(db_session, session, 2, 1)
    assert moved()
    record_scans(db_session, "T", [scan_of(card)], utc_now())
    assert moved()
    registration.adults = 1
    assert moved()
    registration.household.name = "Zedda"
    assert moved()
    registration.help = "hiss"
    assert moved()
    slot = Slot(session_id=session.id, starts_at=session.starts_at, ends_at=session.ends_at, desk=1, language="sv")
    db_session.add(slot)
    db_session.flush()
    registration.slot_id = slot.id
    assert moved()
    make_card(db_session, make_household(db_session))
    assert moved()
    card.revoked_at = utc_now()
    assert moved()
    registration.cancelled_at = utc_now()
    assert moved()
