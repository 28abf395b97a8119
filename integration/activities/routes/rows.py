"""Sessions as lists and grids show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import url_for

from integration.activities import queries
from integration.activities.models import Session
from integration.activities.rules import PlacesState, places_state, seats_left, title_of
from integration.i18n.languages import Language, language
from integration.kernel.clock import utc_now
from integration.kernel.database import Texts, db


@dataclass(frozen=True)
class Row:
    """One session as a list shows it."""

    url: str
    starts_at: datetime
    ends_at: datetime
    title: Texts
    venue_name: Texts | None
    languages: list[Language]
    state: PlacesState | None
    places_left: int | None
    next_at: datetime | None
    icon: str
    mark: str
    may_queue: bool = False


def next_dates(sessions: Iterable[Session], now: datetime) -> list[tuple[int, datetime]]:
    """When the cancelled ones among these are held next; asks only if there are any."""
    cancelled = {each.activity_id for each in sessions if places_state(each) == PlacesState.CANCELLED}
    return queries.next_sessions(db.session(), cancelled, now) if cancelled else []


def days_of(sessions: Iterable[Session], dates: Sequence[tuple[int, datetime]]) -> list[tuple[date, list[Row]]]:
    """The rows of each day, by time."""
    by_day = groupby(sessions, key=lambda each: each.local_on)
    return [(on, [session_row(each, dates) for each in group]) for on, group in by_day]


def session_row(session: Session, dates: Sequence[tuple[int, datetime]]) -> Row:
    """This session; ``dates`` say when a cancelled one is held next."""
    state = places_state(session)
    return Row(
        url=url_for("registration.session_page", key=session.key),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=title_of(session),
        venue_name=session.venue.name if session.venue else None,
        languages=[language(code) for code in session.languages],
        state=state,
        places_left=seats_left(session.places),
        next_at=_next_date(session, dates) if state == PlacesState.CANCELLED else None,
        icon=session.activity.icon,
        mark=session.activity.mark,
        may_queue=not session.sign_up_closed and session.slot_minutes is None and session.starts_at > utc_now(),
    )


def _next_date(session: Session, dates: Sequence[tuple[int, datetime]]) -> datetime | None:
    later = (at for activity_id, at in dates if activity_id == session.activity_id and at > session.starts_at)
    return next(later, None)
