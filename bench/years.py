"""Four years of attendance to measure the programme's pages with: made in bulk by the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from integration.activities.models import (
    Activity,
    ActivityAction,
    Audience,
    Session,
    SessionKind,
    SessionPlaces,
    SessionStatus,
    SignUpMode,
    Venue,
    Visibility,
)
from integration.checkin.models import Closing
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession, transaction
from integration.organisations.models import Organisation, OrganisationKind
from integration.programme.models import Action, Indicator, IndicatorKind, MeterLine
from integration.programme.programme_file import read_programme
from integration.programme.services import load_programme
from tools.setup.system import ROOT

PROGRAMME = ROOT / "programmes" / "vaasa-2023-2026.yaml"
FIRST = datetime(2023, 1, 2, 14, tzinfo=UTC)
CARDS = 20_000
"""So many households come, now to this session and now to that."""
PARTS = 10
"""The rows are made in so many statements, so that no transaction grows without end."""

_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < :most - 1) SELECT",
    "postgresql": "WITH n AS (SELECT generate_series(0, :most - 1) AS n) SELECT",
}
_KEY = {"sqlite": "printf('%032x', {0})", "postgresql": "lpad(to_hex({0}), 32, '0')"}
_ROWS = """
INSERT INTO attendance (session_id, visitor_key, source, whole, arrived_adults, arrived_children,
                        beyond_adults, beyond_children, first_at)
{numbers} s.id, {key}, 'scanned', 0, 1 + (n.n + s.id) % 3, (n.n * 7 + s.id) % 4, 0, 0, s.starts_at
FROM sessions s CROSS JOIN n WHERE s.id > :after AND s.id <= :until
"""


@dataclass(frozen=True)
class Size:
    """So many sessions over the programme's years, with so many cards at each."""

    sessions: int
    cards: int

    @property
    def attendances(self) -> int:
        """Rows in all."""
        return self.sessions * self.cards


def size_of(attendances: int) -> Size:
    """A city's sessions: 2,000 in four years with few or many people, and 20,000 of them at ten million."""
    sessions = 2_000 if attendances <= 1_000_000 else attendances // 500
    return Size(sessions, max(attendances // sessions, 1))


def prepare_years(app: Flask, size: Size) -> str:
    """Fill a migrated database with Vaasa's programme, an activity for each of its counted actions, and visits.

    Returns the programme's slug.
    """
    with app.app_context(), transaction() as db_session:
        document = read_programme(PROGRAMME.read_bytes())
        load_programme(db_session, document, utc_now())
        db_session.flush()
        activities = _activities(db_session)
        _sessions(db_session, activities, size.sessions)
    _attendance(app, size)
    return str(document.slug)


def count_session(app: Flask, session_key: str) -> None:
    """Let a session count for the programme, as those of the four years do."""
    with app.app_context(), transaction() as db_session:
        activity_id = db_session.scalar(sa.select(Session.activity_id).where(Session.key == session_key))
        action_id = db_session.scalar(sa.select(sa.func.min(ActivityAction.action_id)))
        db_session.add(
            ActivityAction(activity_id=activity_id, action_id=action_id, starts_on=date(2020, 1, 1), ends_on=None)
        )


def _activities(db_session: DbSession) -> list[int]:
    texts = {"sv": "Träff", "fi": "Tapaaminen", "en": "Meeting"}
    organisation = Organisation(slug="years", kind=OrganisationKind.ASSOCIATION, name=texts)
    venue = Venue(slug="years", name=texts, address=texts, directions=texts)
    db_session.add_all([organisation, venue])
    counted = (
        sa.select(Action.id)
        .join(MeterLine, MeterLine.action_id == Action.id)
        .join(Indicator, Indicator.line_id == MeterLine.id)
        .where(Indicator.kind == IndicatorKind.COMPUTED)
        .distinct()
        .order_by(Action.id)
    )
    made = []
    for action_id in db_session.scalars(counted):
        activity = _activity(organisation, venue, texts, f"years-{action_id}")
        activity.serves = [ActivityAction(action_id=action_id, starts_on=date(2020, 1, 1), ends_on=None)]
        db_session.add(activity)
        db_session.flush()
        made.append(activity.id)
    return made


def _activity(organisation: Organisation, venue: Venue, texts: dict[str, str], slug: str) -> Activity:
    return Activity(
        slug=slug,
        organisation=organisation,
        venue=venue,
        title=texts,
        description=texts,
        mark="social",
        icon="cafe",
        kind=SessionKind.CAFE,
        audience=Audience.RESIDENTS,
        visibility=Visibility.PUBLIC,
        sign_up=SignUpMode.NONE,
        capacity=None,
        duration_minutes=120,
        languages=["sv", "fi"],
        language_support=["interpreter"],
        asks_age_groups=False,
        sensitive=False,
        contact_role=texts,
        contact_phone="06 000 0000",
        created_at=utc_now(),
    )


def _sessions(db_session: DbSession, activities: list[int], count: int) -> None:
    """Spread evenly from January 2023 to yesterday, the activities in turn; all of them held."""
    pace = (utc_now() - timedelta(days=1) - FIRST) / count
    kinds = list(SessionKind)
    rows = []
    for number in range(count):
        starts_at = (FIRST + number * pace).replace(hour=14, minute=0, second=0, microsecond=0)
        turn = number % len(activities)
        rows.append(_session(number, activities[turn], kinds[turn % len(kinds)], starts_at))
    db_session.execute(sa.insert(Session), rows)
    ids = db_session.execute(sa.select(Session.id, Session.ends_at)).all()
    places = [{"session_id": each.id, "capacity": None, "taken": 0, "offered": 0} for each in ids]
    db_session.execute(sa.insert(SessionPlaces), places)
    closings = [{"session_id": each.id, "held": True, "closed_at": each.ends_at} for each in ids]
    db_session.execute(sa.insert(Closing), closings)


def _session(number: int, activity_id: int, kind: SessionKind, starts_at: datetime) -> dict[str, object]:
    return {
        "key": f"years{number:08}",
        "activity_id": activity_id,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "local_on": local_date(starts_at),
        "status": SessionStatus.PLANNED,
        "kind": kind,
        "audience": Audience.RESIDENTS,
        "visibility": Visibility.PUBLIC,
        "sign_up": SignUpMode.NONE,
        "sign_up_closed": False,
        "languages": ["sv", "fi"],
        "language_support": ["interpreter"] if number % 3 else [],
        "sensitive": False,
        "group_name": f"Group {number % 40}",
        "contact_role": {"sv": "Ledaren", "fi": "Vetäjä"},
        "contact_phone": "06 000 0000",
        "sequence": 0,
        "created_at": starts_at,
        "modified_at": starts_at,
    }


def _attendance(app: Flask, size: Size) -> None:
    """Every session's cards lie side by side in a circle of them all, so that nobody comes twice to one."""
    for part in range(PARTS):
        with app.app_context(), transaction() as db_session:
            dialect = db_session.get_bind().dialect.name
            key = _KEY[dialect].format(f"(s.id * 7919 + n.n) % {CARDS}")
            statement = sa.text(_ROWS.format(numbers=_NUMBERS[dialect], key=key))
            first, last = db_session.execute(sa.select(sa.func.min(Session.id), sa.func.max(Session.id))).one()
            wide = (last - first + 1) / PARTS
            after, until = first - 1 + round(part * wide), first - 1 + round((part + 1) * wide)
            db_session.execute(statement, {"most": size.cards, "after": after, "until": until})
