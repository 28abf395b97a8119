"""Which scans count just now: not waiting for a person, not rejected by one, and not taken back by another scan.

A scan is taken back by an undo, or by a card whose holder says "this is one you counted"; that card's own undo
gives it back. All of it holds in whatever order the scans arrived.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from integration.checkin.models import Attendance, Scan, ScanDecision, ScanKind
from integration.checkin.rules import NOBODY, UNCOUNTED_FLAGS, People

_SCANS: Any = Scan.__table__
_DECISIONS: Any = ScanDecision.__table__
_DOOR_LOCKS = 4040
"""The class of the advisory locks that belong to sessions' doors; any number that nobody else uses."""
_MOST_IDS = 900


class Live(NamedTuple):
    """What a scan that counts adds: to its card, or as people without one."""

    kind: ScanKind
    visitor_key: str | None
    whole: bool
    arriving: People
    beyond: People
    happened_at: datetime


def shared_lock(session_id: Any) -> Any:
    """As a column: take the session's lock together with other arrivals (PostgreSQL), until the transaction ends."""
    return sa.func.pg_advisory_xact_lock_shared(sa.literal_column(str(_DOOR_LOCKS)), session_id)


def lock_session(connection: sa.Connection, session_id: int) -> None:
    """Let nobody else count at this session until the transaction ends; before anything of it is read."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.literal_column(str(_DOOR_LOCKS)), session_id)))


def decided(scan: Any) -> Any:
    """The latest word of a person on this scan; NULL without one."""
    word = _DECISIONS.alias()
    latest = sa.select(word.c.accepted).where(word.c.scan_id == scan.c.id).order_by(word.c.id.desc()).limit(1)
    return latest.correlate_except(word).scalar_subquery()


def counts(scan: Any) -> Any:
    """Whether a scan counts for what it is: a person's word comes before its flag."""
    unflagged = sa.or_(scan.c.flag.is_(None), sa.and_(*(scan.c.flag != each for each in sorted(UNCOUNTED_FLAGS))))
    return sa.func.coalesce(decided(scan), unflagged, type_=sa.Boolean)


def _taker(scan_ids: Any, session_id: Any) -> tuple[Any, Any]:
    """The scans that take others back, and the condition under which they do."""
    taker, undo = _SCANS.alias(), _SCANS.alias()
    undoes_taker = (undo.c.undoes == taker.c.id, undo.c.session_id == taker.c.session_id, undo.c.kind == ScanKind.UNDO)
    given_back = sa.exists().where(*undoes_taker, counts(undo)).correlate_except(undo)
    is_in_force = sa.or_(taker.c.kind == ScanKind.UNDO, ~given_back)
    return taker, sa.and_(scan_ids(taker.c.undoes), taker.c.session_id == session_id, counts(taker), is_in_force)


def taken_back(scan_id: Any, session_id: Any) -> Any:
    """Whether some scan of the session takes this one back."""
    taker, condition = _taker(lambda undoes: undoes == scan_id, session_id)
    return sa.exists().where(condition).correlate_except(taker)


_IDS = sa.bindparam("ids", expanding=True, type_=sa.String)
_SESSION = sa.bindparam("session", type_=sa.Integer)
_TAKER, _TAKES = _taker(lambda undoes: undoes.in_(_IDS), _SESSION)
_TAKEN = sa.select(_TAKER.c.undoes).where(_TAKES).distinct()
_TARGETS = sa.select(_SCANS.c.undoes).where(
    _SCANS.c.id.in_(_IDS), _SCANS.c.session_id == _SESSION, _SCANS.c.undoes.is_not(None)
)
IS_LIVE = sa.and_(_SCANS.c.kind != ScanKind.UNDO, counts(_SCANS), ~taken_back(_SCANS.c.id, _SCANS.c.session_id))
_LIVE = sa.select(
    _SCANS.c.id,
    _SCANS.c.kind,
    _SCANS.c.visitor_key,
    _SCANS.c.whole,
    _SCANS.c.adults,
    _SCANS.c.children,
    _SCANS.c.beyond_adults,
    _SCANS.c.beyond_children,
    _SCANS.c.happened_at,
    sa.and_(_SCANS.c.flag == "surplus", sa.func.coalesce(decided(_SCANS), sa.false(), type_=sa.Boolean)),
).where(_SCANS.c.id.in_(_IDS), _SCANS.c.session_id == _SESSION, IS_LIVE)


_UNTRACEABLE = sa.select(_SCANS.c.id).where(
    _SCANS.c.id.in_(_IDS),
    _SCANS.c.session_id == _SESSION,
    _SCANS.c.visitor_key.is_(None),
    IS_LIVE,
    ~sa.exists().where(Attendance.scan_id == _SCANS.c.id),
)


def untraceable_ids(connection: sa.Connection, session_id: int, ids: Collection[str]) -> set[str]:
    """Those of these scans that count, and nothing tells whom: their visits' keys were cleared without them.

    Today a visit's scans keep the key that it is given; years that were closed before that have such scans.
    """
    return {row[0] for row in _in_slices(connection, _UNTRACEABLE, session_id, ids)}


def taken_ids(connection: sa.Connection, session_id: int, ids: Collection[str]) -> set[str]:
    """Those of these scans that another scan of the session takes back."""
    return {each for row in _in_slices(connection, _TAKEN, session_id, ids) for each in row}


def with_their_targets(connection: sa.Connection, session_id: int, ids: Collection[str]) -> set[str]:
    """These scans and those that they take back."""
    return {*ids, *(row[0] for row in _in_slices(connection, _TARGETS, session_id, ids))}


def live_scans(connection: sa.Connection, session_id: int, ids: Collection[str]) -> dict[str, Live]:
    """Those of these scans that count just now. What a person accepted beyond the places of its card, counts beyond."""
    found = {}
    for scan_id, kind, key, whole, adults, children, more, more_children, at, let_in in _in_slices(
        connection, _LIVE, session_id, ids
    ):
        arriving, beyond = People(adults, children), People(more, more_children)
        if let_in:
            arriving, beyond = NOBODY, People(adults + more, children + more_children)
        found[scan_id] = Live(kind, key, bool(whole), arriving, beyond, at)
    return found


def _in_slices(connection: sa.Connection, statement: Any, session_id: int, ids: Collection[str]) -> list[Any]:
    ordered = sorted(ids)
    rows: list[Any] = []
    for start in range(0, len(ordered), _MOST_IDS):
        chunk = ordered[start : start + _MOST_IDS]
        rows.extend(connection.execute(statement, {"ids": chunk, "session": session_id}))
    return rows
