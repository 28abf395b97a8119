"""Judging the scans of one batch, each in the light of those before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integration.checkin import rules
from integration.checkin.models import ScanKind, ScanResult
from integration.checkin.queries.known import Known, Stored
from integration.checkin.rules import Fact, Holder, People, Tally, Verdict
from integration.checkin.services.attendance_rows import CardChange, LooseChange, card_change


@dataclass(slots=True)
class Entry:
    """A new scan, judged, and what it adds to the attendance table."""

    fact: Fact
    verdict: Verdict
    moment: datetime
    holder: Holder | None = None
    before: Tally | None = None
    after: Tally | None = None
    change: CardChange | LooseChange | None = None


class Book:
    """What is known, and what the scans of this batch have added to it so far."""

    def __init__(self, known: Known, now: datetime) -> None:
        self.door = known.door
        self.known = known
        self.now = now
        self.entries: dict[str, Entry] = {}
        self.tallies: dict[str, Tally] = {}

    def enter(self, fact: Fact) -> Entry:
        """Judge one new scan."""
        entry = self._undo(fact) if fact.kind is ScanKind.UNDO else self._arrival(fact)
        self.entries[fact.id] = entry
        return entry

    def _arrival(self, fact: Fact) -> Entry:
        holder = self._holder(fact)
        verdict = rules.judge(self.door, fact, holder, self.now, keys_are_cleared=self.known.keys_are_cleared)
        entry = Entry(fact, verdict, rules.door_moment(self.door, fact.believed_at, self.now))
        if fact.id in self.known.undone:
            entry.verdict = Verdict(ScanResult.ACCEPTED, counts=False)
        if holder is not None and self.known.keys_are_cleared:
            entry.fact = without_card(fact, holder)
        elif holder is not None and not self.door.sensitive:
            entry.holder, entry.before, entry.after = holder, holder.tally, holder.tally
        if entry.verdict.counts:
            self._count(entry)
            if fact.undoes:
                self._take_back(fact.undoes)
        return entry

    def _count(self, entry: Entry) -> None:
        fact, holder = entry.fact, entry.holder
        if holder is None:
            people = People(1, 0) if fact.whole else fact.arriving
            source = rules.source_of(fact.kind, sensitive=self.door.sensitive)
            entry.change = LooseChange(fact.id, source, people, entry.moment)
            return
        entry.after = self.tallies[holder.visitor_key] = rules.arrive(holder.tally, fact, entry.moment)
        entry.change = card_change(holder.visitor_key, holder.tally.places, fact, entry.moment)

    def _holder(self, fact: Fact) -> Holder | None:
        holder = self.known.holders.get(fact.digest)
        if holder is None or holder.visitor_key not in self.tallies:
            return holder
        return Holder(holder.visitor_key, holder.household_id, self.tallies[holder.visitor_key])

    def _undo(self, fact: Fact) -> Entry:
        flag = rules.window_flag(self.door, fact.believed_at, self.now)
        moment = rules.door_moment(self.door, fact.believed_at, self.now)
        entry = Entry(fact, Verdict(ScanResult.ACCEPTED, counts=False), moment)
        target = fact.undoes or ""
        if flag in rules.UNCOUNTED_FLAGS:
            entry.verdict = Verdict(ScanResult.FLAGGED, flag, counts=False)
        elif target in self.known.undone:
            entry.verdict = Verdict(ScanResult.ALREADY, counts=False)
        elif target in self.known.untraceable:
            entry.verdict = Verdict(ScanResult.FLAGGED, "untraceable", counts=False)
        else:
            self._take_back(target)
        return entry

    def _take_back(self, target: str) -> None:
        """Judge the scans to come without this one, whether it came in this batch, before it or is yet to come."""
        if target in self.known.undone:
            return
        self.known.undone.add(target)
        earlier, stored = self.entries.get(target), self.known.stored.get(target)
        if earlier is not None and isinstance(earlier.change, CardChange):
            self._lessen(earlier.change.visitor_key, earlier.fact)
        elif stored is not None and stored.visitor_key and self._counted_here(stored):
            self._lessen(stored.visitor_key, stored)

    def _counted_here(self, stored: Stored) -> bool:
        return stored.session_id == self.door.session_id and stored.flag not in rules.UNCOUNTED_FLAGS

    def _lessen(self, visitor_key: str, scan: Fact | Stored) -> None:
        holders = {each.visitor_key: each for each in self.known.holders.values()}
        if visitor_key in holders:
            tally = self.tallies.get(visitor_key, holders[visitor_key].tally)
            self.tallies[visitor_key] = rules.take_back(tally, scan)


def without_card(fact: Fact, holder: Holder) -> Fact:
    """The scan with the numbers that its card stands for now: its key must not come back, and a person decides."""
    return fact._replace(whole=False, arriving=holder.tally.places or People(1, 0)) if fact.whole else fact
