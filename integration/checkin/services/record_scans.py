"""Record what happened at the door: judge a batch of scans, store it, count it, answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from integration.checkin import rules
from integration.checkin.errors import BatchTooLong, UnknownDevice
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import ScanKind, ScanResult
from integration.checkin.queries.known import (
    Known,
    Stored,
    known_for_many,
    known_for_one,
    other_session,
    stored_scans,
)
from integration.checkin.rules import NOBODY, Fact, Holder, Malformed, People, Tally, Verdict
from integration.checkin.services.attendance_rows import CardChange, LooseChange, count_changes, insert_scans
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest

Answer = dict[str, Any]


class Batch(NamedTuple):
    """What one request brings: a door's token and its scans."""

    token: str
    items: Sequence[object]
    now: datetime


@dataclass(slots=True)
class Entry:
    """A new scan, judged, and what it changes in the attendance table."""

    fact: Fact
    verdict: Verdict
    moment: datetime
    holder: Holder | None = None
    before: Tally | None = None
    after: Tally | None = None
    changes: list[CardChange | LooseChange] = field(default_factory=list)


def record_scans(db_session: DbSession, token: str, items: Sequence[object], now: datetime) -> list[Answer]:
    """Store and count a batch and answer each line of it, in its order.

    Sending a scan again changes nothing and gets its first result again; a line that cannot be read fails alone.
    Raise UnknownDevice or BatchTooLong.
    """
    if len(items) > rules.MOST_SCANS:
        raise BatchTooLong
    return _record(db_session, token, items, now)


def record_together(db_session: DbSession, batches: Sequence[Batch]) -> list[list[Answer] | Exception]:
    """Batches that arrived at the same moment, in one transaction; those of one device are judged as one."""
    answers: list[list[Answer] | Exception] = [UnknownDevice()] * len(batches)
    by_token: dict[str, list[int]] = {}
    for number, batch in enumerate(batches):
        by_token.setdefault(batch.token, []).append(number)
    for token, numbers in sorted(by_token.items()):
        items = [item for number in numbers for item in batches[number].items]
        try:
            given = iter(_record(db_session, token, items, batches[numbers[-1]].now))
        except UnknownDevice:
            continue
        for number in numbers:
            answers[number] = [next(given) for _ in batches[number].items]
    return answers


def _record(db_session: DbSession, token: str, items: Sequence[object], now: datetime) -> list[Answer]:
    lines = [_read(item, now) for item in items]
    facts: dict[str, Fact] = {}
    for line in lines:
        if isinstance(line, Fact):
            facts.setdefault(line.id, line)
    connection = db_session.connection()
    if len(facts) == 1 and next(iter(facts.values())).kind is not ScanKind.UNDO:
        known = known_for_one(connection, digest(token), next(iter(facts.values())), now)
    else:
        known = known_for_many(connection, digest(token), list(facts.values()), now)
    book = Book(known, now)
    entries = [book.enter(fact) for fact in facts.values() if fact.id not in known.stored]
    _store(db_session, connection, known, entries, now)
    answers = {entry.fact.id: _answer(connection, known, entry, now) for entry in entries}
    for scan_id, stored in known.stored.items():
        if scan_id in facts:
            answers[scan_id] = _answer_again(known, facts[scan_id], stored)
    return [{**answers[line.id], "id": line.id} if isinstance(line, Fact) else line for line in lines]


def _read(item: object, now: datetime) -> Fact | Answer:
    try:
        return rules.read_scan(item, now)
    except Malformed as error:
        sent = item.get("id") if isinstance(item, dict) else None
        shown = sent[:64] if isinstance(sent, str) else None
        return {"id": shown, "result": ScanResult.MALFORMED, "message": "malformed", "detail": error.reason}


class Book:
    """Judges the scans of one batch one after the other, each in the light of those before it."""

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
        verdict = rules.judge(self.door, fact, holder, self.now)
        moment = rules.door_moment(self.door, fact.believed_at, self.now)
        entry = Entry(fact, verdict, moment)
        if fact.id in self.known.undone:
            entry.verdict = Verdict(ScanResult.ACCEPTED, counts=False)
        if holder is not None and not self.door.sensitive:
            entry.holder, entry.before, entry.after = holder, holder.tally, holder.tally
        if not entry.verdict.counts:
            return entry
        if entry.holder is None:
            people = People(1, 0) if fact.whole else fact.arriving
            entry.changes.append(LooseChange(fact.id, rules.source_of(self.door, fact.kind), people, moment))
            return entry
        entry.after = self.tallies[entry.holder.visitor_key] = rules.arrive(entry.holder.tally, fact, moment)
        entry.changes.append(_card_change(entry.holder, 1, fact, moment))
        return entry

    def _holder(self, fact: Fact) -> Holder | None:
        holder = self.known.holders.get(fact.digest)
        if holder is None or holder.visitor_key not in self.tallies:
            return holder
        return Holder(holder.visitor_key, holder.household_id, self.tallies[holder.visitor_key])

    def _undo(self, fact: Fact) -> Entry:
        flag = rules.window_flag(self.door, fact.believed_at, self.now)
        entry = Entry(fact, Verdict(ScanResult.ACCEPTED, counts=False), fact.scanned_at)
        target = fact.undoes or ""
        if flag in rules.UNCOUNTED_FLAGS:
            entry.verdict = Verdict(ScanResult.FLAGGED, flag, counts=False)
        elif target in self.known.undone:
            entry.verdict = Verdict(ScanResult.ALREADY, counts=False)
        else:
            self.known.undone.add(target)
            entry.changes = self._taken_back(target)
        return entry

    def _taken_back(self, target: str) -> list[CardChange | LooseChange]:
        """What undoes a scan of this batch or a stored one; nothing when it did not count or is yet to come."""
        earlier = self.entries.get(target)
        if earlier is not None:
            if earlier.holder is not None and earlier.changes:
                key = earlier.holder.visitor_key
                fact = earlier.fact
                self.tallies[key] = rules.take_back(self.tallies[key], fact.whole, fact.arriving, fact.beyond)
            return [change.reversed() for change in earlier.changes]
        stored = self.known.stored.get(target)
        if stored is None or stored.session_id != self.door.session_id or stored.flag in rules.UNCOUNTED_FLAGS:
            return []
        if stored.visitor_key is None:
            return [LooseChange(target, None, NOBODY, self.now)]
        self._take_back_stored(stored)
        return [CardChange(stored.visitor_key, -1, None, stored.whole, stored.arriving, stored.beyond, None)]

    def _take_back_stored(self, stored: Stored) -> None:
        holders = {each.visitor_key: each for each in self.known.holders.values()}
        holder = holders.get(stored.visitor_key or "")
        if holder is not None:
            tally = self.tallies.get(holder.visitor_key, holder.tally)
            self.tallies[holder.visitor_key] = rules.take_back(tally, stored.whole, stored.arriving, stored.beyond)


def _card_change(holder: Holder, sign: int, fact: Fact, moment: datetime) -> CardChange:
    return CardChange(holder.visitor_key, sign, holder.tally.places, fact.whole, fact.arriving, fact.beyond, moment)


def _store(db_session: DbSession, connection: sa.Connection, known: Known, entries: list[Entry], now: datetime) -> None:
    """Insert the scans first: what another request has stored in the meantime is neither counted nor judged again."""
    if not entries:
        return
    inserted = insert_scans(connection, [_scan_row(known, entry, now) for entry in entries])
    if len(inserted) < len(entries):
        missed = [entry.fact.id for entry in entries if entry.fact.id not in inserted]
        known.stored.update(stored_scans(connection, missed))
        entries[:] = [entry for entry in entries if entry.fact.id in inserted]
    changes = [change for entry in entries for change in entry.changes]
    if changes:
        count_changes(connection, known.door.session_id, changes)
        if known.door.settled:
            publish(db_session, AttendanceChanged(known.door.session_id, now))


def _scan_row(known: Known, entry: Entry, now: datetime) -> dict[str, Any]:
    fact = entry.fact
    return {
        "id": fact.id,
        "session_id": known.door.session_id,
        "device_id": known.door.device_id,
        "kind": fact.kind,
        "visitor_key": entry.holder.visitor_key if entry.holder else None,
        "whole": fact.whole,
        "adults": fact.arriving.adults,
        "children": fact.arriving.children,
        "beyond_adults": fact.beyond.adults,
        "beyond_children": fact.beyond.children,
        "undoes": fact.undoes,
        "scanned_at": fact.scanned_at,
        "happened_at": entry.moment,
        "received_at": now,
        "result": entry.verdict.result,
        "flag": entry.verdict.flag,
    }


def _answer(connection: sa.Connection, known: Known, entry: Entry, now: datetime) -> Answer:
    """The result and what the door shows with it."""
    verdict = entry.verdict
    answer: Answer = {"result": verdict.result, "message": _message(entry.fact, verdict)}
    if verdict.flag:
        answer["flag"] = verdict.flag
    if entry.after is not None and entry.before is not None:
        before, after = rules.counted(entry.before), rules.counted(entry.after)
        answer |= _card_details(entry.after)
        answer["added"] = {"adults": after.adults - before.adults, "children": after.children - before.children}
    elif entry.changes and isinstance(entry.changes[0], LooseChange) and entry.fact.kind is not ScanKind.UNDO:
        answer["added"] = entry.changes[0].people._asdict()
    if verdict.flag == "no_sign_up" and entry.holder is not None:
        other = other_session(connection, entry.holder.household_id, known.door.session_id, now)
        if other is not None:
            answer["message"] = "other"
            answer["other"] = {"title": other.title, "starts_at": other.starts_at.isoformat()}
    return answer


def _answer_again(known: Known, fact: Fact, stored: Stored) -> Answer:
    """The first result again; the numbers are those of now."""
    verdict = Verdict(stored.result, stored.flag)
    answer: Answer = {"result": stored.result, "message": _message(fact, verdict), "again": True}
    if stored.flag:
        answer["flag"] = stored.flag
    holder = known.holders.get(fact.digest)
    if holder is not None and holder.visitor_key == stored.visitor_key:
        answer |= _card_details(holder.tally)
    return answer


def _card_details(tally: Tally) -> Answer:
    return {
        "places": tally.places._asdict() if tally.places else None,
        "counted": rules.counted(tally)._asdict(),
        "first_at": tally.first_at.isoformat() if tally.first_at else None,
    }


def _message(fact: Fact, verdict: Verdict) -> str:
    """Which words the door shows."""
    if verdict.flag in ("revoked", "late", "window"):
        return "waiting"
    if fact.kind is ScanKind.UNDO:
        return "undone"
    if verdict.result is ScanResult.ALREADY:
        return "already"
    if verdict.flag in ("sensitive", "unknown", "no_sign_up", "surplus"):
        return verdict.flag
    return "welcome" if fact.kind is ScanKind.CARD else "counted"
