"""Where folded figures stand: in which programme, under which of its actions, in which year."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from integration.indicators.models import FoldedServing
from integration.kernel.database import DbSession

Place = tuple[int, int, int]
"""Programme id, action id (0: the whole programme) and year."""


def places_of(db_session: DbSession, session_ids: Collection[int]) -> list[Place]:
    """The places where these folded sessions count."""
    return all_places(db_session, FoldedServing.session_id.in_(session_ids))


def all_places(db_session: DbSession, *where: sa.ColumnElement[bool]) -> list[Place]:
    """The places where folded sessions count."""
    rows = db_session.execute(
        sa.select(FoldedServing.programme_id, FoldedServing.action_id, FoldedServing.year).where(*where).distinct()
    )
    return sorted((programme_id, action_id, year) for programme_id, action_id, year in rows)


def at(table: Any, places: list[Place] | None) -> sa.ColumnElement[bool]:
    """The rows of a table at these places (None: at all)."""
    if places is None:
        return sa.true()
    return sa.tuple_(table.programme_id, table.action_id, table.year).in_(places)


def delete_from(table: Any) -> Any:
    """A DELETE that looks at nothing but the database."""
    return sa.delete(table).execution_options(synchronize_session=False)
