"""Verbs of the door, one file each; the rest of the application imports them from here."""

from __future__ import annotations

from integration.checkin.services.clear_keys import clear_visitor_keys
from integration.checkin.services.close_session import Report, close_session, mark_held
from integration.checkin.services.decide_scan import accept_scan, decide_scan, decide_scans, reject_scan
from integration.checkin.services.follow_merging import follow_late_scans, follow_merging
from integration.checkin.services.imported import Imported, count_imported, recount_imported, uncount_imported
from integration.checkin.services.open_door import count_heads, open_door
from integration.checkin.services.pair_phone import (
    change_door,
    link_secret,
    move_on,
    pair_phone,
    renew_link,
    revoke_door,
    withdraw_link,
)
from integration.checkin.services.record_scans import Answer, Batch, record_batch, record_scans, record_together
from integration.checkin.services.tell_who_came import tell_who_came

__all__ = [
    "Answer",
    "Batch",
    "Imported",
    "Report",
    "accept_scan",
    "change_door",
    "clear_visitor_keys",
    "close_session",
    "count_heads",
    "count_imported",
    "decide_scan",
    "decide_scans",
    "follow_late_scans",
    "follow_merging",
    "link_secret",
    "mark_held",
    "move_on",
    "open_door",
    "pair_phone",
    "record_batch",
    "record_scans",
    "record_together",
    "recount_imported",
    "reject_scan",
    "renew_link",
    "revoke_door",
    "tell_who_came",
    "uncount_imported",
    "withdraw_link",
]
