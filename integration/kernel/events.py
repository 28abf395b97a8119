"""News between features: a typed table from event to reactions, filled by wiring, delivered in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integration.kernel.database import DbSession

Reaction = Callable[[DbSession, Any], None]
_reactions: dict[type, tuple[Reaction, ...]] = {}


def connect(table: dict[type, tuple[Reaction, ...]]) -> None:
    """Replace the table of reactions; wiring calls this once."""
    _reactions.clear()
    _reactions.update(table)


def publish(db_session: DbSession, news: object) -> None:
    """Tell every connected feature, in the order of the table; an error in one undoes the whole transaction."""
    for reaction in _reactions.get(type(news), ()):
        reaction(db_session, news)
