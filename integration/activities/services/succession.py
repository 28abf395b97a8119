"""Moving over to a programme's successor: what served an action serves, from its first day, the one that follows it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from integration.activities.models import ActivityAction
from integration.kernel.database import DbSession
from integration.programme.events import ProgrammeSucceeded


def move_servings(db_session: DbSession, news: ProgrammeSucceeded) -> None:
    """End what activities do for former actions on the last day before, and begin it anew for those that follow."""
    last_on = news.starts_on - timedelta(days=1)
    rows = db_session.scalars(
        sa.select(ActivityAction).where(
            ActivityAction.action_id.in_([*news.actions, *news.ended]),
            ActivityAction.starts_on <= last_on,
            sa.or_(ActivityAction.ends_on.is_(None), ActivityAction.ends_on > last_on),
        )
    ).all()
    served = {(row.activity_id, news.actions[row.action_id]) for row in rows if row.action_id in news.actions}
    for row in rows:
        row.ends_on = last_on
    db_session.add_all(
        ActivityAction(activity_id=activity_id, action_id=action_id, starts_on=news.starts_on)
        for activity_id, action_id in sorted(served)
    )
    db_session.flush()
