"""Reading feeds: first whether anything changed, in one statement that reads no session, then the stored texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from integration.activities.models import Activity, Session, Visibility
from integration.calendars.models import CalendarText, FeedVersion
from integration.i18n.texts import missing_languages
from integration.kernel.clock import midnight
from integration.kernel.database import DbSession, Texts
from integration.kernel.errors import NotFound
from integration.registration.models import Registration

NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedState:
    """How often and when a feed last changed; ``activity_id`` and ``title`` when it is an activity's."""

    version: int
    modified_at: datetime
    activity_id: int | None = None
    title: Texts | None = None


def state_of_all(db_session: DbSession) -> FeedState:
    """The state of the feed of everything public."""
    row = db_session.execute(
        sa.select(FeedVersion.version, FeedVersion.modified_at).where(FeedVersion.feed == "all")
    ).first()
    return FeedState(row[0], row[1]) if row else FeedState(0, NEVER)


def state_of_activity(db_session: DbSession, slug: str) -> FeedState:
    """The state of an activity's feed; raises NotFound where the activity may not be seen (rule 15)."""
    feed = sa.literal("activity:").concat(sa.cast(Activity.id, sa.String))
    row = db_session.execute(
        sa.select(Activity.id, Activity.title, FeedVersion.version, FeedVersion.modified_at)
        .outerjoin(FeedVersion, FeedVersion.feed == feed)
        .where(Activity.slug == slug, Activity.visibility != Visibility.CLOSED)
    ).first()
    if row is None or missing_languages(row.title):
        raise NotFound(slug)
    return FeedState(row.version or 0, row.modified_at or NEVER, row.id, row.title)


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


def public_texts(db_session: DbSession, language: str, since: date, activity_id: int | None = None) -> list[str]:
    """The texts of the public sessions that end after this date begins, by time; of one activity or of all."""
    statement = (
        sa.select(CalendarText.text)
        .join(Session, Session.id == CalendarText.session_id)
        .where(
            CalendarText.language == language,
            Session.visibility == Visibility.PUBLIC,
            Session.ends_at > midnight(since),
        )
        .order_by(Session.starts_at, Session.id)
    )
    if activity_id is not None:
        statement = statement.where(Session.activity_id == activity_id)
    return list(db_session.scalars(statement))


def texts_of_household(db_session: DbSession, household_id: int, language: str, since: date) -> list[str]:
    """The texts of the sessions at which a household has places, by time."""
    return list(
        db_session.scalars(
            sa.select(CalendarText.text)
            .join(Session, Session.id == CalendarText.session_id)
            .join(Registration, Registration.session_id == Session.id)
            .where(
                CalendarText.language == language,
                Registration.household_id == household_id,
                Registration.cancelled_at.is_(None),
                Session.ends_at > midnight(since),
            )
            .order_by(Session.starts_at, Session.id)
        )
    )
