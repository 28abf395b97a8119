"""The sessions behind a figure: every figure can be followed back to them, never to people (rule 7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from integration.activities.models import Activity, Session, SessionStatus, Visibility
from integration.checkin.queries import SessionCounts, session_counts
from integration.indicators.models import WHOLE_PROGRAMME
from integration.indicators.queries.servings import servings
from integration.indicators.rules import distinct_months, distinct_weeks, is_small
from integration.kernel.database import DbSession, Texts
from integration.programme.queries import ActionOutline, IndicatorOutline


@dataclass(frozen=True, slots=True)
class BehindSession:
    """One session that counts; a closed one is a date and a kind and nothing more."""

    on: date
    kind: str
    held: bool
    visits: int | None
    """None: not to be shown."""
    key: str | None
    title: Texts | None


@dataclass(frozen=True, slots=True)
class SessionsBehind:
    """The sessions of one year; ``withheld``: without the sensitive ones, for their list would tell a hidden figure."""

    listed: tuple[BehindSession, ...]
    withheld: bool


def sessions_behind(
    db_session: DbSession, action: ActionOutline, indicator: IndicatorOutline, programme_id: int, year: int
) -> SessionsBehind:
    """The sessions that this indicator counts in this year, by date: those held, and those where people came.

    Three statements.
    """
    served = servings(Session.local_on.between(date(year, 1, 1), date(year, 12, 31))).subquery()
    place = WHOLE_PROGRAMME if indicator.whole_programme else action.id
    statement = (
        sa.select(Session, Activity.title.label("activity_title"))
        .join(served, served.c.session_id == Session.id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(
            served.c.programme_id == programme_id,
            served.c.action_id == place,
            Session.status == SessionStatus.PLANNED,
        )
        .order_by(Session.starts_at, Session.id)
    )
    if indicator.kinds:
        statement = statement.where(Session.kind.in_(indicator.kinds))
    if indicator.audiences:
        statement = statement.where(Session.audience.in_(indicator.audiences))
    rows = db_session.execute(statement).all()
    counts = session_counts(db_session, [session.id for session, _title in rows])
    counting = [(each, title) for each, title in rows if _counts(counts[each.id])]
    withheld = _tells([each for each, _title in counting if each.sensitive])
    shown = (_behind(each, title, counts[each.id]) for each, title in counting if not (withheld and each.sensitive))
    return SessionsBehind(tuple(shown), withheld)


def _counts(counts: SessionCounts) -> bool:
    return bool(counts.held) or (counts.held is None and counts.adults + counts.children > 0)


def _tells(sensitive: list[Session]) -> bool:
    """Whether a list of sensitive sessions lets somebody count a few of them: by month, by week or by kind."""
    days = [each.local_on for each in sensitive]
    kinds = Counter(each.kind for each in sensitive)
    return any(map(is_small, (len(days), len(distinct_months(days)), len(distinct_weeks(days)), *kinds.values())))


def _behind(session: Session, activity_title: Texts, counts: SessionCounts) -> BehindSession:
    visits = counts.adults + counts.children
    public = session.visibility is Visibility.PUBLIC
    return BehindSession(
        on=session.local_on,
        kind=session.kind,
        held=bool(counts.held),
        visits=None if session.sensitive else visits,
        key=session.key if public and not session.sensitive else None,
        title=(session.title or activity_title) if public else None,
    )
