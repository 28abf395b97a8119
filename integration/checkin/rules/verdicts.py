"""How a scan is answered, in the light of what is known now."""

from __future__ import annotations

from datetime import datetime

from integration.checkin.models import ScanKind, ScanResult
from integration.checkin.rules.door import UNCOUNTED_FLAGS, Door, Holder, Verdict, arrive, counted
from integration.checkin.rules.hours import window_flag
from integration.checkin.rules.scans import Fact


def judge(door: Door, fact: Fact, holder: Holder | None, now: datetime, *, keys_are_cleared: bool = False) -> Verdict:
    """How to answer this scan, given what is known now. Nobody is refused: the odd ones are flagged (rule 11).

    ``keys_are_cleared``: the card may have been counted here before, and nothing tells.
    """
    flag = window_flag(door, fact.believed_at, now)
    if flag in UNCOUNTED_FLAGS:
        return Verdict(ScanResult.FLAGGED, flag, counts=False)
    if holder is not None and keys_are_cleared and not door.sensitive:
        return Verdict(ScanResult.FLAGGED, "cleared", counts=False)
    if fact.kind is ScanKind.CARD:
        return _judge_card(door, fact, holder, flag)
    return Verdict(ScanResult.FLAGGED if flag else ScanResult.ACCEPTED, flag)


def _judge_card(door: Door, fact: Fact, holder: Holder | None, flag: str | None) -> Verdict:
    if door.sensitive:
        return Verdict(ScanResult.FLAGGED, "sensitive", counts=False)
    if holder is None:
        return Verdict(ScanResult.UNKNOWN, "unknown")
    before = counted(holder.tally).total
    after = counted(arrive(holder.tally, fact, fact.scanned_at)).total
    surplus = fact.arriving.total + fact.beyond.total - (after - before)
    if after == before:
        return Verdict(ScanResult.ALREADY, "surplus" if surplus > 0 else None)
    if surplus > 0:
        return Verdict(ScanResult.FLAGGED, "surplus")
    if holder.tally.places is None and door.needs_sign_up:
        return Verdict(ScanResult.FLAGGED, "no_sign_up")
    return Verdict(ScanResult.FLAGGED if flag else ScanResult.ACCEPTED, flag)
