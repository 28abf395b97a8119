"""Invented years behind us: sessions that were held and the people who came, as plausible as dice make them.

Attendance is written as it would stand after the doors closed; the single scans behind it are left out.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Session
from integration.activities.rules import details_of_activity
from integration.activities.services.sessions import add_session
from integration.checkin.models import Attendance, Closing, Source
from integration.demo.content import Plan
from integration.kernel.clock import local_date, wall_times
from integration.kernel.database import DbSession
from integration.kernel.tokens import KEY_ALPHABET

SPOKEN_ONLY = 0.2
"""The share of sessions without language support."""
PARTNER_CAME = 0.7
LISTED_FROM = 2024
"""Before that the city counted on paper: the history of 2023 is imported totals without persons."""
TERM_WEEKS = (*range(2, 8), *range(9, 23), *range(33, 43), *range(44, 51))


def plant_history(db_session: DbSession, plans: list[Plan], dice: random.Random, now: datetime, scale: int) -> int:
    """Create every past session of the plans with its attendance; return how many sessions there are."""
    planted = 0
    for plan in plans:
        visitors = _visitors(dice, plan.activity.slug)
        for on in _dates(plan.content["history"], local_date(now)):
            session = _session(db_session, plan, on, dice)
            db_session.flush()
            rows = list(_attendance(plan.content["history"], session, on.year, visitors, dice, scale))
            if rows:
                db_session.execute(sa.insert(Attendance), rows)
            planted += 1
    return planted


def _dates(history: dict[str, Any], today: date) -> list[date]:
    """The days on which an activity was held: so many a year, in these months, or in so many weeks of term."""
    dates = [_spread(year, place, count) for year, count in history.get("counts", {}).items() for place in range(count)]
    dates += [date(year, month, 18) for year, months in history.get("months", {}).items() for month in months]
    dates += [
        date.fromisocalendar(year, week, 2)
        for year, count in history.get("weeks", {}).items()
        for week in TERM_WEEKS[:count]
    ]
    return sorted(_not_sunday(on) for on in dates if _not_sunday(on) < today - timedelta(days=1))


def _spread(year: int, place: int, count: int) -> date:
    return date(year, 1, 20) + timedelta(days=round(300 * (place + 0.5) / count))


def _not_sunday(on: date) -> date:
    return on + timedelta(days=1) if on.weekday() == 6 else on


def _session(db_session: DbSession, plan: Plan, on: date, dice: random.Random) -> Session:
    activity, content = plan.activity, plan.content
    starts_at = wall_times(on, time.fromisoformat(content["history"]["time"]))[0]
    ends_at = starts_at + timedelta(minutes=activity.duration_minutes)
    groups = content.get("groups")
    details = replace(
        details_of_activity(activity),
        group_name=dice.choice(groups) if groups else None,
        language_support=() if dice.random() < SPOKEN_ONLY else tuple(activity.language_support),
    )
    session = add_session(db_session, activity, starts_at, ends_at, details, starts_at - timedelta(days=30))
    session.key = "".join(dice.choices(KEY_ALPHABET, k=10))
    for partner in session.partners:
        partner.present = dice.random() < PARTNER_CAME
    return session


def _visitors(dice: random.Random, slug: str) -> list[tuple[str, int, int]]:
    """Invented households of one activity: a key, adults and children."""
    sizes = [(1, 0), (1, 0), (2, 0), (1, 1), (2, 1), (2, 2), (1, 3)]
    return [(_key(dice), *dice.choice(sizes)) for _ in range(140)]


def _key(dice: random.Random) -> str:
    return "".join(dice.choices("0123456789abcdef", k=32))


def _attendance(
    history: dict[str, Any],
    session: Session,
    year: int,
    visitors: list[tuple[str, int, int]],
    dice: random.Random,
    scale: int,
) -> Iterator[dict[str, Any]]:
    """Rows that add up to a believable evening: cards first, then people without one."""
    adults = dice.randint(*history["adults"]) * scale
    children = dice.randint(*history["children"]) * scale
    if year < LISTED_FROM or history.get("headcount"):
        source = Source.IMPORTED if year < LISTED_FROM else Source.HEADCOUNT
        yield _row(session, source, adults, children, scan_id=_scan_id(dice))
        return
    for key, household_adults, household_children in dice.sample(visitors, k=len(visitors)):
        if household_adults > adults * 0.3 + 1 or household_children > children:
            continue
        adults, children = adults - household_adults, children - household_children
        source = Source.LISTED if dice.random() < 0.15 else Source.SCANNED
        yield _row(session, source, household_adults, household_children, visitor_key=key)
        if adults <= 2:
            break
    if adults or children:
        yield _row(session, Source.WALK_IN, max(adults, 0), children, scan_id=_scan_id(dice))


def _scan_id(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _row(
    session: Session,
    source: Source,
    adults: int,
    children: int,
    *,
    visitor_key: str | None = None,
    scan_id: str | None = None,
) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "visitor_key": visitor_key,
        "scan_id": scan_id,
        "source": source,
        "arrived_adults": adults,
        "arrived_children": children,
        "beyond_adults": 0,
        "beyond_children": 0,
        "first_at": session.starts_at,
    }


def close_history(db_session: DbSession, now: datetime) -> None:
    """Every planted session was held, by itself: an hour after its end, because someone was counted (rule 2)."""
    planted = db_session.scalars(
        sa.select(Session).where(Session.ends_at < now, ~sa.exists().where(Closing.session_id == Session.id))
    )
    for session in planted:
        db_session.add(
            Closing(session_id=session.id, held=True, closed_at=session.ends_at + timedelta(hours=1), account_id=None)
        )
