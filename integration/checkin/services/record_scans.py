"""Record what happened at the door: judge a batch of scans, store it, count it, answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
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
from integration.checkin.queries.live import live_scans, with_their_targets
from integration.checkin.rules import Fact, Malformed, Tally, Verdict
from integration.checkin.services.attendance_rows import (
    LooseChange,
    count_changes,
    differences,
    insert_scans,
    say_seen,
)
from integration.checkin.services.book import Book, Entry
from integration.i18n.dates import clock
from integration.kernel.database import DbSession
from integration.kernel.events import publish
from integration.kernel.tokens import digest
from integration.registration.queries import own_times

Answer = dict[str, Any]
Tell = Callable[[AttendanceChanged], None]


class Batch(NamedTuple):
    """What one request brings: a door's token, its scans, and by how many seconds its clock is behind ours."""

    token: str
    items: Sequence[object]
    now: datetime
    clock_offset: int | None = None


def record_scans(db_session: DbSession, token: str, items: Sequence[object], now: datetime) -> list[Answer]:
    """Store and count a batch and answer each line of it, in its order.

    Sending a scan again changes nothing and gets its first result again; a line that cannot be read fails alone.
    Raise UnknownDevice or BatchTooLong.
    """
    return record_batch(db_session, Batch(token, items, now))


def record_batch(db_session: DbSession, batch: Batch) -> list[Answer]:
    """The same for a batch whose device may have told the time of its clock."""
    if len(batch.items) > rules.MOST_SCANS:
        raise BatchTooLong
    return _record(db_session.connection(), partial(publish, db_session), batch.token, _read_all(batch), batch.now)


def record_together(connection: sa.Connection, batches: Sequence[Batch]) -> list[list[Answer] | Exception]:
    """Batches that arrived at the same moment, one after the other in one transaction, which needs no objects.

    An error stands for the batch of a device that nobody knows.
    """
    answers: list[list[Answer] | Exception] = []
    for batch in batches:
        try:
            answers.append(
                _record(connection, partial(_publish_on, connection), batch.token, _read_all(batch), batch.now)
            )
        except UnknownDevice as error:
            answers.append(error)
    return answers


def _publish_on(connection: sa.Connection, news: AttendanceChanged) -> None:
    with DbSession(connection) as db_session:
        publish(db_session, news)
        db_session.flush()


def record_facts(db_session: DbSession, token: str, facts: Sequence[Fact], now: datetime) -> None:
    """Store and count what our own pages tell, as a door's scans are; what is stored already changes nothing.

    Raise UnknownDevice.
    """
    _record(db_session.connection(), partial(publish, db_session), token, list(facts), now)


def _record(
    connection: sa.Connection, tell: Tell, token: str, lines: list[Fact | Answer], now: datetime
) -> list[Answer]:
    facts: dict[str, Fact] = {}
    for line in lines:
        if isinstance(line, Fact):
            facts.setdefault(line.id, line)
    if len(facts) == 1 and next(iter(facts.values())).undoes is None:
        known = known_for_one(connection, digest(token), next(iter(facts.values())), now)
    else:
        known = known_for_many(connection, digest(token), list(facts.values()), now)
    book = Book(known, now)
    entries = [book.enter(fact) for fact in facts.values() if fact.id not in known.stored]
    if not lines:
        say_seen(connection, known.door.device_id, now)
    _store(connection, tell, known, entries, now)
    answers = {entry.fact.id: _answer(connection, known, entry, now) for entry in entries}
    for scan_id, stored in known.stored.items():
        if scan_id in facts:
            answers[scan_id] = _answer_again(known, facts[scan_id], stored)
    if known.door.individual_times:
        _say_times(connection, known, facts, answers)
    return [{**answers[line.id], "id": line.id} if isinstance(line, Fact) else line for line in lines]


def _read_all(batch: Batch) -> list[Fact | Answer]:
    return [_read(item, batch.now, batch.clock_offset) for item in batch.items]


def _read(item: object, now: datetime, offset: int | None) -> Fact | Answer:
    try:
        return rules.read_scan(item, now, offset)
    except Malformed as error:
        sent = item.get("id") if isinstance(item, dict) else None
        shown = sent[:64] if isinstance(sent, str) else None
        return {"id": shown, "result": ScanResult.MALFORMED, "message": "malformed", "detail": error.reason}


def _store(connection: sa.Connection, tell: Tell, known: Known, entries: list[Entry], now: datetime) -> None:
    """Insert the scans first: what another request has stored in the meantime is neither counted nor judged again."""
    if not entries:
        return
    session_id = known.door.session_id
    taking = {entry.fact.undoes for entry in entries if entry.fact.undoes}
    touched = (
        with_their_targets(connection, session_id, taking | {entry.fact.id for entry in entries}) if taking else ()
    )
    before = live_scans(connection, session_id, touched) if taking else {}
    inserted = insert_scans(connection, [_scan_row(known, entry, now) for entry in entries])
    if len(inserted) < len(entries):
        missed = [entry.fact.id for entry in entries if entry.fact.id not in inserted]
        known.stored.update(stored_scans(connection, missed))
        entries[:] = [entry for entry in entries if entry.fact.id in inserted]
    if taking:
        places = {each.visitor_key: each.tally.places for each in known.holders.values()}
        after = live_scans(connection, session_id, touched)
        changes = differences(before, after, places, sensitive=known.door.sensitive)
    else:
        changes = [entry.change for entry in entries if entry.change and not inserted[entry.fact.id]]
    if changes:
        count_changes(connection, session_id, changes)
        if known.door.settled:
            tell(AttendanceChanged(session_id, now))


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
        "age_group": fact.age_group,
        "scanned_at": fact.scanned_at,
        "clock_offset": fact.clock_offset,
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
    elif isinstance(entry.change, LooseChange):
        answer["added"] = entry.change.people._asdict()
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


def _say_times(connection: sa.Connection, known: Known, facts: dict[str, Fact], answers: dict[str, Answer]) -> None:
    """Say with a card's answer when its household's own time is; not to a phone whose scans do not count now."""
    told = {
        scan_id: known.holders[facts[scan_id].digest].household_id
        for scan_id, answer in answers.items()
        if "places" in answer and answer["message"] != "waiting"
    }
    times = own_times(connection, known.door.session_id, set(told.values())) if told else {}
    for scan_id, household_id in told.items():
        if household_id in times:
            answers[scan_id]["slot"] = clock(times[household_id])


def _card_details(tally: Tally) -> Answer:
    return {
        "places": tally.places._asdict() if tally.places else None,
        "counted": rules.counted(tally)._asdict(),
        "first_at": tally.first_at.isoformat() if tally.first_at else None,
    }


def _message(fact: Fact, verdict: Verdict) -> str:
    """Which words the door shows."""
    if verdict.flag in ("revoked", "late", "window", "cleared", "untraceable"):
        return "waiting"
    if fact.kind is ScanKind.UNDO:
        return "undone"
    if verdict.result is ScanResult.ALREADY:
        return "already"
    if verdict.flag in ("sensitive", "unknown", "no_sign_up", "surplus"):
        return verdict.flag
    return "welcome" if fact.kind is ScanKind.CARD else "counted"
