"""Sessions of the past that were never planned here: closed ones, which count and appear nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from integration.activities.models import (
    Activity,
    Session,
    SessionPartner,
    SessionPlaces,
    SessionStatus,
    SignUpMode,
    Visibility,
)
from integration.kernel.clock import wall_times
from integration.kernel.database import DbSession
from integration.kernel.tokens import random_key

_SESSIONS: Any = Session.__table__
_PARTNERS: Any = SessionPartner.__table__
NOON = time(12)
"""When a session is taken to have begun of which only the day is known."""


@dataclass(frozen=True, slots=True)
class PastSession:
    """What is known of a session that was held before it could be planned here."""

    activity: Activity
    on: date
    at: time | None
    venue_id: int | None
    languages: tuple[str, ...]
    language_support: tuple[str, ...]
    partner_ids: tuple[int, ...]


def add_past_sessions(db_session: DbSession, sessions: Sequence[PastSession], now: datetime) -> list[int]:
    """Add them, a handful of statements for all; returns their ids in the same order."""
    if not sessions:
        return []
    keys = [random_key() for _ in sessions]
    rows = [{"key": key, **_row(each, now)} for key, each in zip(keys, sessions, strict=True)]
    db_session.execute(sa.insert(_SESSIONS), rows)
    ids = {key: number for number, key in db_session.execute(_ids(keys))}
    numbers = [ids[key] for key in keys]
    nobody = [sa.null(), *(sa.literal(0) for _ in range(3))]
    places = sa.select(Session.id, *nobody).where(Session.id.in_(numbers))
    columns = ["session_id", "capacity", "taken", "offered", "waiting"]
    db_session.execute(sa.insert(SessionPlaces).from_select(columns, places))
    _add_partners(db_session, list(zip(numbers, sessions, strict=True)))
    return numbers


def change_past_sessions(db_session: DbSession, sessions: Sequence[tuple[int, PastSession]], now: datetime) -> None:
    """Replace what is known of these: (session id, what it is like now)."""
    if not sessions:
        return
    for number, each in sessions:
        row = _row(each, now)
        changes = {name: row[name] for name in ("venue_id", "languages", "language_support", "modified_at")}
        db_session.execute(_quietly(sa.update(Session)).where(Session.id == number).values(**changes))
    ids = [number for number, _session in sessions]
    db_session.execute(_quietly(sa.delete(SessionPartner)).where(SessionPartner.session_id.in_(ids)))
    _add_partners(db_session, sessions)


def remove_past_sessions(db_session: DbSession, ids: Collection[int]) -> None:
    """Take them away again, with what hangs on them here; the door's rows are to be gone before."""
    for table, column in ((SessionPartner, SessionPartner.session_id), (SessionPlaces, SessionPlaces.session_id)):
        db_session.execute(_quietly(sa.delete(table)).where(column.in_(ids)))
    db_session.execute(_quietly(sa.delete(Session)).where(Session.id.in_(ids)))


def _row(each: PastSession, now: datetime) -> dict[str, Any]:
    activity = each.activity
    begins = wall_times(each.on, each.at or NOON) or wall_times(each.on, NOON)
    return {
        "activity_id": activity.id,
        "starts_at": begins[0],
        "ends_at": begins[0] + timedelta(minutes=max(activity.duration_minutes, 1)),
        "local_on": each.on,
        "status": SessionStatus.PLANNED,
        "kind": activity.kind,
        "audience": activity.audience,
        "visibility": Visibility.CLOSED,
        "sign_up": SignUpMode.NONE,
        "sign_up_closed": False,
        "venue_id": each.venue_id,
        "languages": list(each.languages),
        "language_support": list(each.language_support),
        "sensitive": activity.sensitive,
        "contact_role": activity.contact_role,
        "contact_phone": activity.contact_phone,
        "sequence": 0,
        "created_at": now,
        "modified_at": now,
    }


def _add_partners(db_session: DbSession, sessions: Sequence[tuple[int, PastSession]]) -> None:
    rows = [
        {"session_id": number, "organisation_id": partner, "present": True}
        for number, each in sessions
        for partner in each.partner_ids
    ]
    if rows:
        db_session.execute(sa.insert(_PARTNERS), rows)


def _ids(keys: Collection[str]) -> Any:
    return sa.select(Session.id, Session.key).where(Session.key.in_(list(keys)))


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
