"""Verbs of the door, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.checkin.services.close_session import Report, close_session, mark_held
from integration.checkin.services.open_door import count_heads, open_door
from integration.checkin.services.record_scans import Answer, Batch, record_scans, record_together

__all__ = [
    "Answer",
    "Batch",
    "Report",
    "close_session",
    "count_heads",
    "mark_held",
    "open_door",
    "record_scans",
    "record_together",
]
