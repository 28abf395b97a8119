"""Which sessions count for which actions: an activity serves an action between two dates (rule 7)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from integration.activities.models import ActivityAction, Session
from integration.indicators.models import WHOLE_PROGRAMME
from integration.kernel.database import DbSession
from integration.programme.models import Action


def servings(*where: sa.ColumnElement[bool]) -> Any:
    """Rows of (session_id, programme_id, action_id, year) for these sessions, each once.

    Every session that serves any action of a programme also stands under action 0, the whole programme.
    """
    return sa.union(actions_of(Action.id, *where), actions_of(sa.literal(WHOLE_PROGRAMME), *where))


def actions_served(db_session: DbSession, session_id: int) -> set[int]:
    """The ids of the actions that a session counts for."""
    served = servings(Session.id == session_id).subquery()
    ids = db_session.scalars(sa.select(served.c.action_id).where(served.c.action_id != WHOLE_PROGRAMME))
    return set(ids)


def actions_of(action_id: Any, *where: sa.ColumnElement[bool]) -> Any:
    """The same under one kind of action id only; twice where an activity serves an action by two overlapping spans."""
    return (
        sa.select(
            Session.id.label("session_id"),
            Action.programme_id.label("programme_id"),
            action_id.label("action_id"),
            sa.extract("year", Session.local_on).cast(sa.Integer).label("year"),
        )
        .join(ActivityAction, ActivityAction.activity_id == Session.activity_id)
        .join(Action, Action.id == ActivityAction.action_id)
        .where(
            ActivityAction.starts_on <= Session.local_on,
            sa.or_(ActivityAction.ends_on.is_(None), ActivityAction.ends_on >= Session.local_on),
            *where,
        )
    )
