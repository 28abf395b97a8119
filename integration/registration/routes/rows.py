"""Registrations as the rows that pages list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integration.activities.models import Session, SessionStatus
from integration.activities.queries import next_sessions
from integration.activities.rules import title_of
from integration.kernel.database import DbSession, Texts
from integration.registration.models import Registration


@dataclass(frozen=True)
class Row:
    """One registration in a list: what, when, where, for how many, and whether it will be held."""

    registration: Registration
    session: Session
    starts_at: datetime
    ends_at: datetime
    title: Texts
    venue_name: Texts | None
    icon: str
    mark: str
    state: str | None
    next_at: datetime | None
    languages: tuple[()] = ()
    places_left: None = None


def rows_of(
    registrations: list[tuple[Registration, Session]], next_starts: dict[int, datetime] | None = None
) -> list[Row]:
    """Rows in the given order; ``next_starts`` by activity id."""
    return [_row(registration, session, next_starts or {}) for registration, session in registrations]


def next_starts(
    db_session: DbSession, registrations: list[tuple[Registration, Session]], now: datetime
) -> dict[int, datetime]:
    """When the activities of cancelled sessions are next, by activity id; asks nothing where none is cancelled."""
    gone = {session.activity_id for _registration, session in registrations if _is_cancelled(session)}
    if not gone:
        return {}
    first: dict[int, datetime] = {}
    for activity_id, starts_at in next_sessions(db_session, gone, now):
        first.setdefault(activity_id, starts_at)
    return first


def _is_cancelled(session: Session) -> bool:
    return session.status == SessionStatus.CANCELLED


def _row(registration: Registration, session: Session, starts: dict[int, datetime]) -> Row:
    return Row(
        registration=registration,
        session=session,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title_of(session),
        venue_name=session.venue.name if session.venue else None,
        icon=session.activity.icon,
        mark=session.activity.mark,
        state="cancelled" if _is_cancelled(session) else None,
        next_at=starts.get(session.activity_id),
    )
