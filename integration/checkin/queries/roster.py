"""What a phone may take along for a session, and finding somebody by name."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import sqlalchemy as sa

from integration.activities.models import Session
from integration.checkin.models import Attendance, Scan, ScanDecision
from integration.checkin.rules import People, prefix, roster_salt, sealed, short_code_mark
from integration.i18n.dates import clock
from integration.kernel.database import DbSession
from integration.kernel.tokens import derived_bytes
from integration.registration import queries as registration
from integration.registration.queries import DoorCard


class Hit(NamedTuple):
    """A household found by name; ``ref`` counts its card like a scan of it."""

    name: str
    adults: int
    children: int
    arrived: dict[str, int]
    ref: str
    slot: str | None


def roster_version(db_session: DbSession, session: Session, card_key: str) -> str:
    """Changes whenever a roster would: cards, sign-ups and their names, what was counted, the session itself.

    A keyed digest: whoever holds the phone cannot try names against it.
    """
    scans = sa.select(sa.func.count()).where(Scan.session_id == session.id)
    decisions = sa.select(sa.func.count()).select_from(ScanDecision).join(Scan, Scan.id == ScanDecision.scan_id)
    facts = (
        session.modified_at,
        session.sensitive,
        db_session.scalar(scans),
        db_session.scalar(decisions.where(Scan.session_id == session.id)),
        *registration.roster_facts(db_session, session),
    )
    return derived_bytes(card_key, "roster", repr(facts)).hex()[:24]


def roster_content(db_session: DbSession, session: Session, card_key: str) -> dict[str, Any]:
    """Digests of all living cards, numbers by short code, and what is sealed for each card with places.

    A sensitive session has no cards at its door: its roster is empty.
    """
    salt = roster_salt()
    cards = [] if session.sensitive else list(registration.cards_for_door(db_session, session.id, card_key))
    arrived = _arrived(db_session, session.id)
    elsewhere = {} if session.sensitive else registration.signed_up_elsewhere(db_session, session)
    return {
        "salt": base64.b64encode(salt).decode("ascii"),
        "cards": base64.b64encode(b"".join(sorted(prefix(each.pass_digest) for each in cards))).decode("ascii"),
        "codes": sorted(
            ([short_code_mark(salt, each.short_code), *(each.places or (None, None))] for each in cards), key=_mark
        ),
        "sealed": sorted(
            [
                prefix(each.pass_digest).hex(),
                sealed(_facts(each, arrived.get(each.visitor_key, People())), each.pass_code, salt, session.key),
            ]
            for each in cards
            if each.places
        ),
        "elsewhere": sorted([prefix(each).hex(), moment.isoformat()] for each, moment in elsewhere.items()),
    }


def found_by_name(db_session: DbSession, session_id: int, sought: str) -> list[Hit]:
    """At most ten households that are signed up for the session."""
    arrived = _arrived(db_session, session_id)
    return [
        Hit(
            each.name,
            each.adults,
            each.children,
            arrived.get(each.visitor_key, People())._asdict(),
            each.pass_digest,
            clock(each.slot_at) if each.slot_at else None,
        )
        for each in registration.found_by_name(db_session, session_id, sought)
    ]


def _mark(code: list[Any]) -> str:
    return str(code[0])


def _facts(card: DoorCard, arrived: People) -> dict[str, object]:
    adults, children = card.places or (0, 0)
    return {
        "name": card.name,
        "adults": adults,
        "children": children,
        "help": card.needs_help,
        "arrived": [arrived.adults, arrived.children],
        "slot": clock(card.slot_at) if card.slot_at else None,
    }


def _arrived(db_session: DbSession, session_id: int) -> dict[str, People]:
    rows = db_session.execute(
        sa.select(Attendance.visitor_key, Attendance.adults, Attendance.children).where(
            Attendance.session_id == session_id, Attendance.visitor_key.is_not(None)
        )
    )
    return {key or "": People(adults, children) for key, adults, children in rows}
