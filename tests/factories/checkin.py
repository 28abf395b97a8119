"""Door devices, scans and closings for tests; committing is the test's."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from integration.activities.models import Session
from integration.checkin.models import DoorDevice
from integration.kernel.clock import utc_now
from integration.kernel.database import DbSession
from integration.kernel.tokens import digest
from integration.registration.models import Card, Registration
from integration.registration.rules import People
from tests.factories.activities import make_activity, make_session
from tests.factories.registration import make_card, make_household, make_registration

_numbers = count(1)


def make_running_session(db_session: DbSession, **over: Any) -> Session:
    """A session that began an hour ago and lasts another hour."""
    starts_at = over.pop("starts_at", utc_now() - timedelta(hours=1))
    activity = over.pop("activity", None) or make_activity(db_session)
    return make_session(db_session, activity=activity, starts_at=starts_at, **over)


def make_device(db_session: DbSession, session: Session, token: str, **over: Any) -> DoorDevice:
    """A phone at the session's door that scans with this token."""
    values: dict[str, Any] = {
        "session_id": session.id,
        "name": f"door {next(_numbers)}",
        "token_digest": digest(token),
        "account_id": None,
        "paired_at": session.starts_at,
        "opens_at": session.starts_at - timedelta(hours=1),
        "closes_at": session.ends_at + timedelta(hours=2),
        "revoked_at": None,
    }
    device = DoorDevice(**{**values, **over})
    db_session.add(device)
    db_session.flush()
    return device


def make_card_with_places(
    db_session: DbSession, session: Session, adults: int, children: int
) -> tuple[Card, Registration]:
    """A household's card and its places at the session."""
    household = make_household(db_session)
    people = People(adults, children)
    return make_card(db_session, household), make_registration(db_session, session, household, people=people)


def scan_of(card: Card | None = None, **over: Any) -> dict[str, Any]:
    """A line of a batch: this card, or people without one."""
    scan: dict[str, Any] = {"id": str(uuid4())}
    if card is not None:
        scan["digest"] = card.pass_digest
    return scan | over


def scan_id(number: int) -> str:
    """A UUID made from a number, so that failures read well."""
    return str(UUID(int=number, version=4))


def iso(moment: datetime) -> str:
    """A moment as clients write it."""
    return moment.isoformat()
