"""Reading feeds: first whether anything changed, in one statement that reads no session, then the stored texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, Session, Venue, Visibility
from integration.calendars.models import CalendarText, FeedSession, FeedVersion
from integration.i18n.languages import ENDONYMS
from integration.i18n.texts import missing_languages
from integration.kernel.clock import midnight
from integration.kernel.database import DbSession, Texts
from integration.kernel.errors import NotFound
from integration.organisations.models import Organisation
from integration.registration.models import Registration

_FACTS_OF_A_ROW = (
    "SELECT v.version, v.modified_at, t.id, {columns} FROM {table} t"
    " LEFT JOIN feed_versions v ON v.feed = '{kind}:' || t.id WHERE t.slug = ?"
)
_FACTS = "SELECT version, modified_at FROM feed_versions WHERE feed = {feed}"
FEED_FACTS = {
    "all": _FACTS.format(feed="?"),
    "languages": _FACTS.format(feed="'language:' || ?"),
    "year": _FACTS.format(feed="'year:' || ?"),
    "activities": _FACTS_OF_A_ROW.format(columns="t.title, t.visibility", table="activities", kind="activity"),
    "organisations": _FACTS_OF_A_ROW.format(columns="t.name", table="organisations", kind="organisation"),
    "venues": _FACTS_OF_A_ROW.format(columns="t.name", table="venues", kind="venue"),
}
"""All that decides on what a feed of each kind holds, by its name in addresses: equal facts, equal feeds.

As plain statements for ``unchanged``, which asks on every poll.
"""
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedState:
    """A public feed by name, how often and when it last changed; ``title`` where it is not everything."""

    feed: str
    version: int
    modified_at: datetime
    title: Texts | None = None

    @property
    def is_a_year(self) -> bool:
        """Whether the feed is a year's, which goes on showing what has been."""
        return self.feed.startswith("year:")


@dataclass(frozen=True)
class HouseholdState:
    """A household's sessions with the version of each, and when any of this last changed."""

    versions: tuple[tuple[int, int], ...]
    modified_at: datetime


@dataclass(frozen=True)
class FeedChoice:
    """A feed that has sessions to come: the kind and the name in its address, and what it is called."""

    kind: str
    name: str
    title: Texts
    icon: str = "cal"


def state_of_all(db_session: DbSession) -> FeedState:
    """The state of the feed of everything public."""
    return _state(db_session, "all")


def state_of_activity(db_session: DbSession, slug: str) -> FeedState:
    """The state of an activity's feed; raises NotFound where the activity may not be seen (rule 15)."""
    may_be_seen = Activity.visibility != Visibility.CLOSED
    return _state_of_row(db_session, "activity", Activity, Activity.title, slug, may_be_seen)


def state_of_organisation(db_session: DbSession, slug: str) -> FeedState:
    """The state of the feed of what an organisation arranges; raises NotFound."""
    return _state_of_row(db_session, "organisation", Organisation, Organisation.name, slug)


def state_of_venue(db_session: DbSession, slug: str) -> FeedState:
    """The state of a venue's feed; raises NotFound."""
    return _state_of_row(db_session, "venue", Venue, Venue.name, slug)


def state_of_language(db_session: DbSession, code: str) -> FeedState:
    """The state of the feed of what is held in a language; raises NotFound for one that has no name here."""
    if code not in ENDONYMS:
        raise NotFound(code)
    return _state(db_session, f"language:{code}", {code: ENDONYMS[code]})


def state_of_year(db_session: DbSession, year: str) -> FeedState:
    """The state of a year's feed; raises NotFound for what is no year of this century."""
    if not re.fullmatch("20[0-9]{2}", year, re.ASCII):
        raise NotFound(year)
    return _state(db_session, f"year:{year}", {"sv": year})


def session_text(db_session: DbSession, key: str, language: str) -> tuple[str, datetime]:
    """One session's text and when it last changed; raises NotFound for a session that nobody may see."""
    row = db_session.execute(
        sa.select(CalendarText.text, Session.modified_at)
        .join(Session, Session.id == CalendarText.session_id)
        .where(Session.key == key, CalendarText.language == language)
    ).first()
    if row is None:
        raise NotFound(key)
    return row[0], row[1]


def public_entries(db_session: DbSession, feed: str, language: str, since: date | None) -> str:
    """The texts of a feed's sessions that end after this date begins (None: of all), by time, joined."""
    statement = (
        sa.select(CalendarText.text)
        .select_from(FeedSession)
        .join(Session, Session.id == FeedSession.session_id)
        .join(CalendarText, CalendarText.session_id == FeedSession.session_id)
        .where(FeedSession.feed == feed, CalendarText.language == language)
    )
    if since is not None:
        statement = statement.where(Session.ends_at > midnight(since))
    return _joined(db_session, statement)


def state_of_household(db_session: DbSession, household_id: int) -> HouseholdState:
    """The versions of the sessions at which a household has places, without reading a session."""
    version = FeedVersion
    rows = db_session.execute(
        sa.select(
            Registration.session_id,
            Registration.created_at,
            Registration.cancelled_at,
            version.version,
            version.modified_at,
        )
        .outerjoin(
            version,
            version.feed == sa.literal("session:").concat(sa.cast(Registration.session_id, sa.String)),
        )
        .where(Registration.household_id == household_id)
        .order_by(Registration.session_id)
    ).all()
    moments = [moment for row in rows for moment in (row[1], row[2], row[4]) if moment]
    versions = tuple((row[0], row[3] or 0) for row in rows if row[2] is None)
    return HouseholdState(versions, max(moments, default=NEVER))


def entries_of_household(db_session: DbSession, household_id: int, language: str, since: date) -> str:
    """The texts of the sessions at which a household has places, by time, joined."""
    return _joined(
        db_session,
        sa.select(CalendarText.text)
        .join(Session, Session.id == CalendarText.session_id)
        .join(Registration, Registration.session_id == Session.id)
        .where(
            CalendarText.language == language,
            Registration.household_id == household_id,
            Registration.cancelled_at.is_(None),
            Session.ends_at > midnight(since),
        ),
    )


def feed_choices(db_session: DbSession, now: datetime) -> list[FeedChoice]:
    """Every feed, beside that of everything, in which there is something to come."""
    coming: dict[str, list[str]] = {}
    statement = sa.select(FeedSession.feed).join(Session, Session.id == FeedSession.session_id)
    for feed in db_session.scalars(statement.where(Session.ends_at > now).distinct()):
        kind, _colon, name = feed.partition(":")
        coming.setdefault(kind, []).append(name)
    spoken = [FeedChoice("languages", code, {code: ENDONYMS[code]}, "talk") for code in ENDONYMS]
    return [
        *_rows(db_session, "activities", Activity.slug, Activity.title, Activity.icon, coming.get("activity", ())),
        *(each for each in spoken if each.name in coming.get("language", ())),
        *_rows(db_session, "venues", Venue.slug, Venue.name, sa.literal("pin"), coming.get("venue", ())),
        *_rows(
            db_session,
            "organisations",
            Organisation.slug,
            Organisation.name,
            sa.literal("people"),
            coming.get("organisation", ()),
        ),
        *(FeedChoice("year", year, {"sv": year}) for year in sorted(coming.get("year", ()))),
    ]


def _rows(db_session: DbSession, kind: str, slug: Any, title: Any, icon: Any, ids: Collection[str]) -> list[FeedChoice]:
    table = slug.class_
    statement = sa.select(slug, title, icon).where(table.id.in_([int(each) for each in ids])).order_by(table.id)
    return [FeedChoice(kind, *row) for row in db_session.execute(statement)]


def _joined(db_session: DbSession, statement: sa.Select[str]) -> str:
    """One long text from the database costs a third of many short ones."""
    by_time = statement.order_by(Session.starts_at, Session.id).subquery()
    found: str | None = db_session.scalar(sa.select(sa.func.aggregate_strings(by_time.c.text, "")))
    return found or ""


def _state(db_session: DbSession, feed: str, title: Texts | None = None) -> FeedState:
    columns = (FeedVersion.version, FeedVersion.modified_at)
    row = db_session.execute(sa.select(*columns).where(FeedVersion.feed == feed)).first()
    return FeedState(feed, *(row or (0, NEVER)), title)


def _state_of_row(
    db_session: DbSession, kind: str, table: Any, title: Any, slug: str, *conditions: sa.ColumnElement[bool]
) -> FeedState:
    feed = sa.literal(f"{kind}:").concat(sa.cast(table.id, sa.String))
    row = db_session.execute(
        sa.select(table.id, title, FeedVersion.version, FeedVersion.modified_at)
        .outerjoin(FeedVersion, FeedVersion.feed == feed)
        .where(table.slug == slug.replace("\0", ""), *conditions)
    ).first()
    if row is None or missing_languages(row[1]):
        raise NotFound(slug)
    return FeedState(f"{kind}:{row[0]}", row[2] or 0, row[3] or NEVER, row[1])
