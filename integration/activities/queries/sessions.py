"""Reading activities and sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from integration.activities import rules
from integration.activities.models import (
    Activity,
    RecurrenceRule,
    Session,
    SessionPlaces,
    SessionStatus,
    Venue,
    Visibility,
)
from integration.activities.rules import Gap
from integration.i18n.texts import EQUAL_LANGUAGES, missing_languages
from integration.kernel.database import DbSession, Texts
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation
from integration.organisations.queries import living_organisations
from integration.programme.models import Action, Programme


@dataclass(frozen=True)
class Addresses:
    """What the public pages about the programme, its activities and sessions are called in their addresses."""

    programmes: list[str]
    activities: list[str]
    sessions: list[tuple[str, datetime]]


@dataclass(frozen=True)
class Choice:
    """An activity at a venue that has public sessions to come, the last of them at ``last_at``."""

    activity: Activity
    venue: Venue | None
    last_at: datetime


def session_by_key(db_session: DbSession, key: str) -> Session:
    """The session with this public key, with its activity, organisation, venue and places; raises NotFound."""
    found = db_session.scalar(sa.select(Session).where(Session.key == key).options(*_whole_session()))
    if found is None:
        raise NotFound(key)
    return found


def sessions_by_id(db_session: DbSession, ids: Collection[int]) -> dict[int, Session]:
    """These sessions with everything a page says about them."""
    statement = sa.select(Session).where(Session.id.in_(list(ids))).options(*_whole_session())
    return {each.id: each for each in db_session.scalars(statement)}


def upcoming_sessions(
    db_session: DbSession,
    now: datetime,
    *,
    activity: str | None = None,
    language: str | None = None,
    venue: str | None = None,
    until: datetime | None = None,
) -> list[Session]:
    """The public sessions that have not ended, cancelled ones included, by time.

    ``activity`` and ``venue`` are slugs, ``language`` a code of a language spoken there. What lacks a text in
    Swedish or Finnish is left out (rule 15).
    """
    statement = _public_sessions(now).options(*_eager_session())
    if activity:
        statement = statement.where(Activity.slug == activity)
    if venue:
        statement = statement.where(Venue.slug == venue)
    if language:
        statement = statement.where(_speaks(language))
    if until:
        statement = statement.where(Session.starts_at < until)
    return list(db_session.scalars(statement.order_by(Session.starts_at, Session.id)))


def public_addresses(db_session: DbSession, now: datetime, most: int) -> Addresses:
    """Programmes and activities by slug, and the next public sessions by key with the time of their last change."""
    activities = db_session.execute(
        sa.select(Activity.slug, Activity.title, Activity.description)
        .where(Activity.visibility == Visibility.PUBLIC)
        .order_by(Activity.id)
    )
    sessions = (
        _public_sessions(now)
        .with_only_columns(Session.key, Session.modified_at)
        .order_by(Session.starts_at, Session.id)
        .limit(most)
    )
    return Addresses(
        list(db_session.scalars(sa.select(Programme.slug).order_by(Programme.first_year))),
        [row.slug for row in activities if not missing_languages(row.title, row.description)],
        [(row[0], row[1]) for row in db_session.execute(sessions)],
    )


def coming_choices(db_session: DbSession, now: datetime) -> list[Choice]:
    """What a visitor can choose from: every activity and venue with public sessions to come."""
    coming = (
        _public_sessions(now)
        .with_only_columns(Session.activity_id, Session.venue_id, sa.func.max(Session.starts_at).label("last_at"))
        .group_by(Session.activity_id, Session.venue_id)
        .subquery()
    )
    rows = db_session.execute(
        sa.select(Activity, Venue, coming.c.last_at)
        .join(coming, coming.c.activity_id == Activity.id)
        .outerjoin(Venue, Venue.id == coming.c.venue_id)
        .order_by(Activity.id, Venue.id)
    )
    return [Choice(*row) for row in rows]


def next_sessions(db_session: DbSession, activity_ids: Collection[int], now: datetime) -> list[tuple[int, datetime]]:
    """The starts of planned public sessions to come of these activities, as (activity id, start) by time."""
    statement = (
        _public_sessions(now)
        .with_only_columns(Session.activity_id, Session.starts_at)
        .where(Session.activity_id.in_(list(activity_ids)), Session.status == SessionStatus.PLANNED)
        .order_by(Session.starts_at)
    )
    return [(row[0], row[1]) for row in db_session.execute(statement)]


def next_session(db_session: DbSession, activity_id: int, after: datetime) -> Session | None:
    """The first planned public session of an activity that starts after this moment."""
    statement = (
        _public_sessions(after)
        .where(Session.activity_id == activity_id, Session.status == SessionStatus.PLANNED, Session.starts_at > after)
        .options(*_eager_session())
        .order_by(Session.starts_at)
        .limit(1)
    )
    found: Session | None = db_session.scalar(statement)
    return found


def activity_by_slug(db_session: DbSession, slug: str) -> Activity:
    """The activity with its organisation and venue; raises NotFound. Who may see it is for the page to ask."""
    found = db_session.scalar(
        sa.select(Activity)
        .where(Activity.slug == slug)
        .options(joinedload(Activity.organisation, innerjoin=True), joinedload(Activity.venue))
    )
    if found is None:
        raise NotFound(slug)
    return found


def activities_in(db_session: DbSession, organisation_ids: Collection[int] | None) -> list[Activity]:
    """The activities of these organisations (None: of all), by their order of making."""
    statement = sa.select(Activity).options(
        joinedload(Activity.organisation, innerjoin=True), joinedload(Activity.venue)
    )
    if organisation_ids is not None:
        statement = statement.where(Activity.organisation_id.in_(list(organisation_ids)))
    return list(db_session.scalars(statement.order_by(Activity.id)))


def activity_for_editing(db_session: DbSession, slug: str) -> Activity:
    """The activity with its partners, the actions it serves, its rules and its pauses; raises NotFound."""
    found = db_session.scalar(
        sa.select(Activity)
        .where(Activity.slug == slug)
        .options(
            joinedload(Activity.organisation, innerjoin=True),
            joinedload(Activity.venue),
            selectinload(Activity.partners),
            selectinload(Activity.serves),
            selectinload(Activity.rules).selectinload(RecurrenceRule.exceptions),
            selectinload(Activity.pauses),
        )
    )
    if found is None:
        raise NotFound(slug)
    return found


def sessions_of_activity(
    db_session: DbSession, activity_id: int, since: datetime, *, limit: int = 200
) -> list[Session]:
    """All sessions of an activity that end after this moment, by time, whoever may see them."""
    statement = (
        sa.select(Session)
        .where(Session.activity_id == activity_id, Session.ends_at > since)
        .options(*_whole_session())
        .order_by(Session.starts_at, Session.id)
        .limit(limit)
    )
    return list(db_session.scalars(statement))


def coming_counts(
    db_session: DbSession, activity_ids: Collection[int], now: datetime
) -> dict[int, tuple[int, datetime]]:
    """Per activity how many planned sessions are to come and when the first of them starts."""
    statement = (
        sa.select(Session.activity_id, sa.func.count(), sa.func.min(Session.starts_at))
        .where(
            Session.activity_id.in_(list(activity_ids)),
            Session.ends_at > now,
            Session.status == SessionStatus.PLANNED,
        )
        .group_by(Session.activity_id)
    )
    return {activity_id: (count, first_at) for activity_id, count, first_at in db_session.execute(statement)}


def actions_to_serve(db_session: DbSession) -> list[Action]:
    """Every action that an activity can serve, in the order of its programme."""
    return list(db_session.scalars(sa.select(Action).order_by(Action.programme_id, Action.position, Action.id)))


def possible_partners(db_session: DbSession, chosen: Collection[int] = ()) -> list[Organisation]:
    """Every organisation in use: any of them can be there. Those that were chosen before can stay."""
    return living_organisations(db_session, chosen)


def venues(db_session: DbSession) -> list[Venue]:
    """Every venue."""
    return list(db_session.scalars(sa.select(Venue).order_by(Venue.id)))


def venue_by_slug(db_session: DbSession, slug: str) -> Venue:
    """The venue; raises NotFound."""
    found = db_session.scalar(sa.select(Venue).where(Venue.slug == slug))
    if found is None:
        raise NotFound(slug)
    return found


def places_left(db_session: DbSession, session_id: int) -> int | None:
    """How many more people may come, as the database has it now: none while anyone waits; None without a limit."""
    places = SessionPlaces
    free = sa.case((places.waiting > 0, 0), else_=places.capacity - places.taken - places.offered)
    left: int | None = db_session.scalar(
        sa.select(sa.case((places.capacity.is_not(None), free))).where(places.session_id == session_id)
    )
    return None if left is None else max(0, left)


def publication_gaps(session: Session) -> tuple[Gap, ...]:
    """Which texts a session still lacks before it can be public (rule 15)."""
    return rules.session_gaps(session)


def is_published(session: Session) -> bool:
    """Whether everybody may see this session: it is public and lacks no text."""
    return session.visibility == Visibility.PUBLIC and not publication_gaps(session)


def is_reachable(session: Session) -> bool:
    """Whether somebody with the address may see this session: it is not closed and lacks no text."""
    return session.visibility != Visibility.CLOSED and not publication_gaps(session)


def _whole_session() -> Sequence[ORMOption]:
    return (
        joinedload(Session.activity, innerjoin=True).joinedload(Activity.organisation, innerjoin=True),
        joinedload(Session.venue),
        joinedload(Session.places, innerjoin=True),
    )


def _eager_session() -> Sequence[ORMOption]:
    """For statements that join activity and venue themselves."""
    return (
        contains_eager(Session.activity).joinedload(Activity.organisation, innerjoin=True),
        contains_eager(Session.venue),
        joinedload(Session.places, innerjoin=True),
    )


def _public_sessions(now: datetime) -> sa.Select[Session]:
    return (
        sa.select(Session)
        .join(Session.activity)
        .outerjoin(Session.venue)
        .where(Session.ends_at > now, Session.visibility == Visibility.PUBLIC, *texts_are_whole())
    )


def texts_are_whole() -> list[sa.ColumnElement[bool]]:
    """Rule 15 as conditions, the same as ``rules.session_gaps``."""
    conditions: list[sa.ColumnElement[bool]] = []
    online_only = sa.and_(Session.venue_id.is_(None), Session.online_url.is_not(None))
    for code in EQUAL_LANGUAGES:
        conditions.append(_has_text(Session.title, Activity.title, code))
        conditions.append(_has_text(Session.description, Activity.description, code))
        conditions.append(sa.or_(online_only, sa.func.coalesce(Venue.name[code].as_string(), "") != ""))
    return conditions


def _has_text(
    own: InstrumentedAttribute[Texts | None], general: InstrumentedAttribute[Texts], code: str
) -> sa.ColumnElement[bool]:
    text = sa.case((own.is_(None), general[code].as_string()), else_=own[code].as_string())
    return sa.func.coalesce(text, "") != ""


def _speaks(language: str) -> sa.ColumnElement[bool]:
    return sa.cast(Session.languages, sa.Text).contains(f'"{language}"', autoescape=True)
