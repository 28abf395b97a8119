"""Numbers that are said again: what a phone or a sheet tells is corrected by taking back and telling anew.

Scans are only ever added. Each line (a phone, a household on the sheet, a kind of walk-ins) has a chain of scans
whose ids are derived from it: the same form sent twice makes the same scan, which is stored once; another number
undoes the last one and adds the next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from integration.activities.models import Session
from integration.checkin.models import DoorDevice, Scan, ScanKind
from integration.checkin.queries.live import live_scans, lock_session
from integration.checkin.rules import NOBODY, Fact, People, device_window
from integration.checkin.services.record_scans import record_facts
from integration.kernel.database import DbSession, insert_into
from integration.kernel.tokens import derived_bytes, derived_secret, digest

_SCANS: Any = Scan.__table__
_DEVICES: Any = DoorDevice.__table__


@dataclass(frozen=True)
class Desk:
    """Who tells: the device that stands for our own page, by the token that nobody else has."""

    session_id: int
    token: str
    card_key: str
    kind: ScanKind


@dataclass(frozen=True)
class Line:
    """What is said of one line: who came within their places, who beyond, whose card, children of which age."""

    within: People
    beyond: People = NOBODY
    card_digest: str = ""
    age_group: str | None = None

    @property
    def total(self) -> People:
        """Everybody."""
        return People(self.within.adults + self.beyond.adults, self.within.children + self.beyond.children)


def restate(
    db_session: DbSession, desk: Desk, lines: Mapping[str, Line], now: datetime, *, happened_at: datetime | None = None
) -> int:
    """Let each line's number be what is said now; how many lines changed. Raise UnknownDevice."""
    connection = db_session.connection()
    lock_session(connection, desk.session_id)
    chains = _chains(connection, desk, lines)
    said = _said(connection, desk, chains)
    facts: list[Fact] = []
    moment = happened_at or now
    changed = 0
    for name, line in sorted(lines.items()):
        if line.total == said[name]:
            continue
        changed += 1
        number = len(chains[name])
        if said[name].total:
            facts.append(_undo(_id(desk, name, number, "undo"), chains[name][-1], moment))
        if line.total.total:
            facts.append(_fact(_id(desk, name, number), desk.kind, line, moment))
    if facts:
        record_facts(db_session, desk.token, facts, now)
    return changed


def said_before(db_session: DbSession, desk: Desk, names: list[str]) -> dict[str, People]:
    """What each of these lines says now; nobody where nothing was said or it was taken back."""
    connection = db_session.connection()
    return _said(connection, desk, _chains(connection, desk, names))


def own_device(
    db_session: DbSession, session: Session, token: str, name: str, account_id: int | None, now: datetime
) -> bool:
    """Keep the device open that stands for a page of ours; True where it had to be made."""
    opens_at, closes_at = device_window(session.starts_at, session.ends_at, now)
    device = db_session.scalar(sa.select(DoorDevice).where(DoorDevice.token_digest == digest(token)))
    if device is None:
        values = {"session_id": session.id, "name": name, "token_digest": digest(token), "account_id": account_id}
        _insert_device(db_session, {**values, "paired_at": now, "opens_at": opens_at, "closes_at": closes_at})
        return True
    if now > device.closes_at or opens_at < device.opens_at or session.ends_at > device.closes_at:
        device.opens_at, device.closes_at = min(device.opens_at, opens_at), max(device.closes_at, closes_at)
        db_session.flush()
    return False


def page_token(card_key: str, page: str, session_id: int) -> str:
    """The token of the device that stands for a page: derived, never handed out."""
    return derived_secret(card_key, "page", page, session_id)


def _insert_device(db_session: DbSession, values: dict[str, Any]) -> None:
    db_session.execute(
        insert_into(db_session, _DEVICES).values(values).on_conflict_do_nothing(index_elements=["token_digest"])
    )


def _chains(connection: sa.Connection, desk: Desk, names: Collection[str]) -> dict[str, list[str]]:
    """The stored scans of each line, the oldest first."""
    of_kind = (_SCANS.c.session_id == desk.session_id, _SCANS.c.kind == desk.kind)
    stored = set(connection.scalars(sa.select(_SCANS.c.id).where(*of_kind)))
    chains: dict[str, list[str]] = {}
    for name in names:
        chain = chains[name] = []
        while (scan_id := _id(desk, name, len(chain))) in stored:
            chain.append(scan_id)
    return chains


def _said(connection: sa.Connection, desk: Desk, chains: Mapping[str, list[str]]) -> dict[str, People]:
    """What the last scan of each chain says, if it counts."""
    live = live_scans(connection, desk.session_id, [chain[-1] for chain in chains.values() if chain])
    found = {}
    for name, chain in chains.items():
        last = live.get(chain[-1]) if chain else None
        found[name] = Line(last.arriving, last.beyond).total if last else NOBODY
    return found


def _id(desk: Desk, name: str, number: int, deed: str = "scan") -> str:
    drawn = derived_bytes(desk.card_key, "restated", desk.session_id, desk.kind.value, deed, number, name)
    return str(UUID(bytes=drawn[:16], version=5))


def _fact(scan_id: str, kind: ScanKind, line: Line, moment: datetime) -> Fact:
    return Fact(
        id=scan_id,
        kind=kind,
        digest=line.card_digest,
        whole=False,
        arriving=line.within,
        beyond=line.beyond,
        undoes=None,
        scanned_at=moment,
        believed_at=moment,
        age_group=line.age_group,
    )


def _undo(scan_id: str, target: str, moment: datetime) -> Fact:
    return Fact(scan_id, ScanKind.UNDO, "", False, NOBODY, NOBODY, target, moment, moment)
