"""News about activities and sessions, for the features downstream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SessionChanged:
    """A session was created, edited, moved, cancelled or restored: its text and feeds must follow."""

    session_id: int
    at: datetime


@dataclass(frozen=True)
class SessionAdded:
    """A date was added to an activity; published before its SessionChanged."""

    session_id: int
    at: datetime


@dataclass(frozen=True)
class SessionCancelled:
    """A session will not be held; published beside SessionChanged."""

    session_id: int
    at: datetime


@dataclass(frozen=True)
class SessionMoved:
    """A session has another time, venue or online address than people were told; published beside SessionChanged."""

    session_id: int
    at: datetime


@dataclass(frozen=True)
class SessionRestored:
    """A session that was cancelled will be held after all; published beside SessionChanged."""

    session_id: int
    at: datetime


@dataclass(frozen=True)
class SessionFactsChanged:
    """What a session counts for has changed (date, kind, partners present, language support): figures must follow."""

    session_id: int
    at: datetime
