"""Reading assessments."""

from __future__ import annotations

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.programme.models import Action
from integration.report.models import Assessment


def assessments_of(db_session: DbSession, programme_id: int, year: int) -> dict[int, Assessment]:
    """Action id > what is said of its year."""
    rows = db_session.scalars(
        sa.select(Assessment)
        .join(Action, Action.id == Assessment.action_id)
        .where(Action.programme_id == programme_id, Assessment.year == year)
    )
    return {each.action_id: each for each in rows}
