"""Reading households."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.registration.models import Household


def households_by_id(db_session: DbSession, ids: Collection[int]) -> dict[int, Household]:
    """These households, as far as they are still there."""
    if not ids:
        return {}
    found = db_session.scalars(sa.select(Household).where(Household.id.in_(ids)))
    return {each.id: each for each in found}
