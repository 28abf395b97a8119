"""News from the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttendanceChanged:
    """People were counted, corrected or the session was closed or reopened: a folded session must fold again."""

    session_id: int
    at: datetime
