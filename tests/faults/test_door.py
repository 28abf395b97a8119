"""The server dies again and again while four phones report: what it acknowledged is there, and nothing is doubled."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as DbSession

from integration.checkin.models import Attendance, Scan
from integration.checkin.queries import people_in
from tests.factories.checkin import make_card_with_places, make_device, make_running_session
from tests.fixtures.killing import Caller, MortalServers, Plan
from tests.sampling import EVERYTHING

log = logging.getLogger(__name__)
PHONES = 4
DEATHS, ACKNOWLEDGED = (20, 2000) if EVERYTHING else (2, 60)
CARDS = 300
MOST_IN_A_BATCH = 4


class Evening:
    """What the phones saw and what the server acknowledged; each phone keeps a batch until it is acknowledged."""

    def __init__(self, digests: list[str]) -> None:
        self.digests = digests
        self.lock = threading.Lock()
        self.acknowledged: dict[str, str] = {}
        self.sent: dict[str, dict[str, Any]] = {}
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.phones: list[Caller] = []
        self.broken = 0

    def report(self, caller: Caller) -> None:
        """Scan something, or send again what was not acknowledged."""
        token = caller.notes.get("token") or caller.notes.setdefault("token", f"DOOR-{self._number(caller)}")
        batch = self.waiting.get(token) or self._new_batch(caller)
        self.waiting[token] = batch
        answer = caller.post(
            "/api/v1/door/scans", content=json.dumps(batch), headers={"Authorization": f"Bearer {token}"}
        )
        if answer is None or answer.status_code >= 500:
            with self.lock:
                self.broken += 1
            return
        assert answer.status_code == 200, answer.text
        with self.lock:
            for line in answer.json():
                assert self.acknowledged.setdefault(line["id"], line["result"]) == line["result"]
        del self.waiting[token]

    def _number(self, caller: Caller) -> int:
        with self.lock:
            self.phones.append(caller)
            return len(self.phones) - 1

    def _new_batch(self, caller: Caller) -> list[dict[str, Any]]:
        chance = caller.chance
        batch = []
        for _ in range(chance.randint(1, MOST_IN_A_BATCH)):
            scan: dict[str, Any] = {"id": str(uuid.UUID(int=chance.getrandbits(128), version=4))}
            if chance.random() < 0.5:
                scan |= {"digest": chance.choice(self.digests)}
            else:
                scan |= {"kind": "walk_in", "adults": chance.randint(1, 2)}
            batch.append(scan)
        with self.lock:
            self.sent.update({scan["id"]: scan for scan in batch})
        return batch


def test_what_was_acknowledged_is_there_once(
    mortal_servers: Callable[..., MortalServers], db_session: DbSession
) -> None:
    session = make_running_session(db_session, capacity=None)
    for number in range(PHONES):
        make_device(db_session, session, f"DOOR-{number}")
    cards = [make_card_with_places(db_session, session, 1, 1)[0] for _ in range(CARDS)]
    db_session.commit()
    evening = Evening([card.pass_digest for card in cards])
    servers = mortal_servers()

    def deaths() -> int:
        return sum("server" in kill.victims for kill in servers.kills)

    plan = Plan(
        seconds=0,
        between_kills=(0.3, 1.0),
        callers=PHONES,
        patience=540,
        enough=lambda: deaths() >= DEATHS and len(evening.acknowledged) >= ACKNOWLEDGED,
    )
    servers.run([evening.report], plan)
    assert deaths() >= DEATHS
    assert len(evening.acknowledged) >= ACKNOWLEDGED
    assert all(kill.in_flight >= 1 for kill in servers.kills)
    db_session.rollback()
    stored = Counter(db_session.scalars(sa.select(Scan.id)))
    lost = evening.acknowledged.keys() - stored.keys()
    log.info(
        "%d deaths of the server, %d in all; %d scans acknowledged, %d stored, %d requests broken, %d lost",
        *(deaths(), len(servers.kills), len(evening.acknowledged), len(stored), evening.broken, len(lost)),
    )
    assert not lost
    assert max(stored.values()) == 1
    _everybody_counts_once(db_session, session.id, [evening.sent[each] for each in stored], cards)


def _everybody_counts_once(
    db_session: DbSession, session_id: int, stored: list[dict[str, Any]], cards: list[Any]
) -> None:
    """Each stored walk-in and each card that was seen, whatever died between a scan and its count."""
    walk_ins = {scan["id"]: scan["adults"] for scan in stored if "adults" in scan}
    seen = {scan["digest"] for scan in stored if "digest" in scan}
    keys = {card.visitor_key for card in cards if card.pass_digest in seen}
    counted = db_session.execute(sa.select(Attendance.scan_id, Attendance.visitor_key, Attendance.adults)).all()
    assert {row.scan_id: row.adults for row in counted if row.scan_id} == walk_ins
    assert sorted(row.visitor_key for row in counted if row.visitor_key) == sorted(keys)
    assert people_in(db_session, session_id) == (sum(walk_ins.values()) + len(seen), len(seen))
