"""Writing scans and what they add up to. Core statements, built once: they run for every single arrival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from integration.checkin.models import Attendance, DoorDevice, Scan, Source
from integration.checkin.queries.live import IS_LIVE, Live, taken_back
from integration.checkin.rules import NOBODY, Came, People, at_door_and_marked, source_of, source_of_card
from integration.kernel.baked import Baked

_SCANS: Any = Scan.__table__
_CAME: Any = Attendance.__table__
_DEVICES: Any = DoorDevice.__table__
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""First seen at: any real moment is earlier."""

MOST_ROWS = 1000
"""Rows per statement: PostgreSQL takes 65535 values in one."""


@dataclass(frozen=True, slots=True)
class CardChange:
    """People of one card come (``sign`` 1) or their scan is taken back (-1)."""

    visitor_key: str
    sign: int
    places: People | None
    whole: bool
    arriving: People
    beyond: People
    moment: datetime | None
    source: Source = Source.SCANNED
    marked: People = NOBODY

    def reversed(self) -> CardChange:
        """The undoing of this change."""
        return replace(self, sign=-self.sign, moment=None)


@dataclass(frozen=True, slots=True)
class LooseChange:
    """People without a known card come, or (``source`` None) the scan that counted them is undone."""

    scan_id: str
    source: Source | None
    people: People
    moment: datetime

    def reversed(self) -> LooseChange:
        """The undoing of this change."""
        return replace(self, source=None)


def _by_dialect(build: Any) -> dict[str, Any]:
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


def _insert_scan(insert: Any) -> Any:
    return insert(_SCANS).on_conflict_do_nothing(index_elements=["id"])


def _add_arrivals(insert: Any) -> Any:
    statement = insert(_CAME)
    new = statement.excluded
    at_doors = ("whole", "arrived_adults", "arrived_children", "beyond_adults", "beyond_children")
    sums = (*at_doors, "marked_adults", "marked_children")
    nobody = sum(_CAME.c[name] for name in sums) == 0  # whoever came before was undone
    no_door = sum(_CAME.c[name] + new[name] for name in at_doors) == 0  # has seen them, or not any more
    only_they = sa.and_(no_door, sum(_CAME.c[name] + new[name] for name in sums) > 0)
    new_or_old = sa.case((sa.or_(nobody, _CAME.c.source == Source.SELF_MARKED), new.source), else_=_CAME.c.source)
    earlier = sa.or_(nobody, new.first_at < _CAME.c.first_at)
    return statement.on_conflict_do_update(
        index_elements=["session_id", "visitor_key"],
        set_={
            **{name: _CAME.c[name] + new[name] for name in sums},
            "places_adults": sa.func.coalesce(new.places_adults, _CAME.c.places_adults),
            "places_children": sa.func.coalesce(new.places_children, _CAME.c.places_children),
            "first_at": sa.case((earlier, new.first_at), else_=_CAME.c.first_at),
            "source": sa.case((only_they, sa.literal(Source.SELF_MARKED, _CAME.c.source.type)), else_=new_or_old),
        },
    )


def _add_loose(insert: Any) -> Any:
    return insert(_CAME).on_conflict_do_nothing(index_elements=["scan_id"])


def _correct_first() -> Any:
    """After somebody was taken back: the earliest scan that still counts, if any does."""
    earliest = (
        sa.select(sa.func.min(_SCANS.c.happened_at))
        .where(_SCANS.c.session_id == _CAME.c.session_id, _SCANS.c.visitor_key == _CAME.c.visitor_key, IS_LIVE)
        .scalar_subquery()
    )
    return (
        sa.update(_CAME)
        .where(
            _CAME.c.session_id == sa.bindparam("session", type_=sa.Integer),
            _CAME.c.visitor_key.in_(sa.bindparam("keys", expanding=True, type_=sa.String)),
        )
        .values(first_at=sa.func.coalesce(earliest, _CAME.c.first_at))
    )


def _in_one_go(statements: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL is sent many rows as one statement only if it shall tell of them; SQLite is quick as it is."""
    return {**statements, "postgresql": statements["postgresql"].returning(_CAME.c.id)}


_INSERT_SCAN = _by_dialect(_insert_scan)
_INSERT_AND_TELL = _INSERT_SCAN["postgresql"].returning(_SCANS.c.id)
_INSERT_ONE_AND_TELL = _INSERT_SCAN["postgresql"].returning(
    taken_back(sa.literal_column("scans.id", sa.String), sa.literal_column("scans.session_id", sa.Integer))
)
"""It sees what was committed before it began, while its transaction holds the lock: an undo of the same moment too."""
_SCAN_COLUMNS = [each.name for each in _SCANS.columns]
_INSERT_ONE = {
    "sqlite": Baked(_INSERT_SCAN["sqlite"], _SCAN_COLUMNS),
    "postgresql": Baked(_INSERT_ONE_AND_TELL, _SCAN_COLUMNS),
}
_ADD_ARRIVALS = _by_dialect(_add_arrivals)
_CAME_COLUMNS = [each.name for each in _CAME.columns if not each.computed and not each.primary_key]
_ADD_ONE_CARD = {name: Baked(statement.inline(), _CAME_COLUMNS) for name, statement in _ADD_ARRIVALS.items()}
_ADD_CARDS = _in_one_go(_ADD_ARRIVALS)
_ADD_LOOSE = _in_one_go(_by_dialect(_add_loose))
_DROP_LOOSE = sa.delete(_CAME).where(_CAME.c.scan_id.in_(sa.bindparam("ids", expanding=True, type_=sa.String)))
_CORRECT_FIRST = _correct_first()
_SAY_SEEN = (
    sa.update(_DEVICES)
    .where(_DEVICES.c.id == sa.bindparam("device"))
    .values(seen_at=sa.bindparam("now", type_=_DEVICES.c.seen_at.type))
)


def insert_scans(connection: sa.Connection, rows: list[dict[str, Any]]) -> dict[str, bool]:
    """Store scans; the ids of those that were new, and whether an undo of the same moment has taken them back."""
    if len(rows) == 1:
        return _insert_one(connection, rows[0])
    if connection.dialect.name == "sqlite":  # its one writer has looked in this same transaction: all of them are new
        connection.execute(_INSERT_SCAN["sqlite"], rows)
        return {row["id"]: False for row in rows}
    inserted: dict[str, bool] = {}
    rows = sorted(rows, key=lambda row: str(row["id"]))  # one order for all, so that no two requests wait in a ring
    for start in range(0, len(rows), MOST_ROWS):
        told = connection.execute(_INSERT_AND_TELL, rows[start : start + MOST_ROWS]).scalars()
        inserted.update(dict.fromkeys(told, False))
    return inserted


def _insert_one(connection: sa.Connection, row: dict[str, Any]) -> dict[str, bool]:
    statement = _INSERT_ONE[connection.dialect.name]
    if connection.dialect.name == "sqlite":
        return {row["id"]: False} if statement.touched(connection, row) else {}
    told = statement.first(connection, row)
    return {} if told is None else {row["id"]: told[0]}


def differences(
    before: Mapping[str, Live], after: Mapping[str, Live], places: Mapping[str, People | None], *, sensitive: bool
) -> list[CardChange | LooseChange]:
    """What changes when these scans count instead of those."""
    changes: list[CardChange | LooseChange] = []
    for scan_id in sorted({*before, *after}):
        was, is_now = before.get(scan_id), after.get(scan_id)
        if was == is_now:
            continue
        if was is not None:
            changes.append(_change(scan_id, was, places, sensitive=sensitive).reversed())
        if is_now is not None:
            changes.append(_change(scan_id, is_now, places, sensitive=sensitive))
    return changes


def _change(
    scan_id: str, scan: Live, places: Mapping[str, People | None], *, sensitive: bool
) -> CardChange | LooseChange:
    if scan.visitor_key is not None:
        return card_change(scan.visitor_key, places.get(scan.visitor_key), scan, scan.happened_at)
    people = People(1, 0) if scan.whole else scan.arriving
    return LooseChange(scan_id, source_of(scan.kind, sensitive=sensitive), people, scan.happened_at)


def card_change(visitor_key: str, places: People | None, scan: Came, moment: datetime) -> CardChange:
    """What this scan of a card adds."""
    arriving, marked = at_door_and_marked(scan)
    source = source_of_card(scan.kind)
    return CardChange(visitor_key, 1, places, scan.whole, arriving, scan.beyond, moment, source, marked)


def say_seen(connection: sa.Connection, device_id: int, now: datetime) -> None:
    """Note that a phone is there although it has nothing to send."""
    connection.execute(_SAY_SEEN, {"device": device_id, "now": now})


def count_changes(connection: sa.Connection, session_id: int, changes: Sequence[CardChange | LooseChange]) -> None:
    """Add what changes to the attendance of a session: sums only, so that the order of doors does not matter."""
    dialect = connection.dialect.name
    cards = [change for change in changes if isinstance(change, CardChange)]
    loose = [change for change in changes if isinstance(change, LooseChange)]
    dropped = sorted(change.scan_id for change in loose if change.source is None)
    added = [_loose_row(session_id, change) for change in loose if change.source and change.scan_id not in dropped]
    if cards:
        _add_cards(connection, _card_rows(session_id, cards))
    if added:
        connection.execute(_ADD_LOOSE[dialect], added)
    if dropped:
        connection.execute(_DROP_LOOSE, {"ids": dropped})
    corrected = sorted({change.visitor_key for change in cards if change.sign < 0})
    if corrected:
        connection.execute(_CORRECT_FIRST, {"session": session_id, "keys": corrected})


def _add_cards(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    if len(rows) == 1:
        _ADD_ONE_CARD[connection.dialect.name].touched(connection, rows[0])
    else:
        connection.execute(_ADD_CARDS[connection.dialect.name], rows)


def _loose_row(session_id: int, change: LooseChange) -> dict[str, Any]:
    return _row(session_id, change.source, None, change.scan_id) | {
        "arrived_adults": change.people.adults,
        "arrived_children": change.people.children,
        "first_at": change.moment,
    }


def _card_rows(session_id: int, changes: Sequence[CardChange]) -> list[dict[str, Any]]:
    """One row of sums per card."""
    rows: dict[str, dict[str, Any]] = {}
    for change in changes:
        row = rows.setdefault(change.visitor_key, _row(session_id, change.source, change.visitor_key, None))
        if change.places is not None:
            row["places_adults"], row["places_children"] = change.places
        row["whole"] += change.sign * change.whole
        row["arrived_adults"] += change.sign * change.arriving.adults
        row["arrived_children"] += change.sign * change.arriving.children
        row["beyond_adults"] += change.sign * change.beyond.adults
        row["beyond_children"] += change.sign * change.beyond.children
        row["marked_adults"] += change.sign * change.marked.adults
        row["marked_children"] += change.sign * change.marked.children
        if change.moment is not None:
            row["first_at"] = min(row["first_at"], change.moment)
    return [rows[key] for key in sorted(rows)]


def _row(session_id: int, source: Source | None, visitor_key: str | None, scan_id: str | None) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "visitor_key": visitor_key,
        "scan_id": scan_id,
        "source": source,
        "places_adults": None,
        "places_children": None,
        "whole": 0,
        "arrived_adults": 0,
        "arrived_children": 0,
        "beyond_adults": 0,
        "beyond_children": 0,
        "marked_adults": 0,
        "marked_children": 0,
        "first_at": _NEVER,
    }
