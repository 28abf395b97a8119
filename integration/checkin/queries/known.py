"""What is known when scans arrive: one statement for one scan, a handful for a whole batch.

Core statements, built once: this is read for every single arrival. On PostgreSQL each of them first takes the
session's lock: shared by arrivals, exclusive for whoever takes something back, so that an undo and its scan that
come at the very same moment see one another. An embedded database has one writer anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, Session, SessionStatus, SignUpMode
from integration.checkin.errors import UnknownDevice
from integration.checkin.models import Attendance, Closing, DoorDevice, Scan, ScanKind, ScanResult
from integration.checkin.queries.live import lock_session, shared_lock, taken_back, taken_ids, untraceable_ids
from integration.checkin.rules import CLEARED, Door, Fact, Holder, People, Tally
from integration.kernel.baked import Baked
from integration.kernel.database import DbSession, Texts
from integration.registration.models import Card, Registration

_DEVICES: Any = DoorDevice.__table__
_SESSIONS: Any = Session.__table__
_CLOSINGS: Any = Closing.__table__
_CARDS: Any = Card.__table__
_PLACES: Any = Registration.__table__
_SCANS: Any = Scan.__table__
_CAME: Any = Attendance.__table__
_ACTIVITIES: Any = Activity.__table__


@dataclass(frozen=True, slots=True)
class Stored:
    """A scan that arrived before, as far as answering and undoing it need."""

    session_id: int
    result: ScanResult
    flag: str | None
    kind: ScanKind
    visitor_key: str | None
    whole: bool
    arriving: People
    beyond: People


@dataclass(slots=True)
class Known:
    """What the database says about a batch before it is judged."""

    door: Door
    holders: dict[str, Holder] = field(default_factory=dict)
    """By digest of either code of a card."""
    stored: dict[str, Stored] = field(default_factory=dict)
    """By id: scans of this batch that came before, and those that it undoes."""
    undone: set[str] = field(default_factory=set)
    """Scans that an undo has already taken back."""
    untraceable: set[str] = field(default_factory=set)
    """Scans that it takes back, of which nobody can tell any more whom they counted."""
    keys_are_cleared: bool = False
    """Nobody can tell any more which cards were counted here."""


@dataclass(frozen=True, slots=True)
class OtherSession:
    """A coming session that a card is signed up for."""

    title: Texts
    starts_at: datetime


def _door_columns() -> list[Any]:
    closed = sa.exists().where(_CLOSINGS.c.session_id == _DEVICES.c.session_id)
    return [
        _DEVICES.c.id,
        _DEVICES.c.session_id,
        _DEVICES.c.opens_at,
        _DEVICES.c.closes_at,
        _DEVICES.c.revoked_at,
        _SESSIONS.c.sign_up,
        _SESSIONS.c.sensitive,
        _SESSIONS.c.ends_at,
        _SESSIONS.c.slot_minutes,
        closed,
    ]


def _holder_columns() -> list[Any]:
    return [
        _CARDS.c.visitor_key,
        _CARDS.c.household_id,
        _PLACES.c.adults,
        _PLACES.c.children,
        _CAME.c.places_adults,
        _CAME.c.places_children,
        _CAME.c.whole,
        _CAME.c.arrived_adults,
        _CAME.c.arrived_children,
        _CAME.c.beyond_adults,
        _CAME.c.beyond_children,
        _CAME.c.marked_adults,
        _CAME.c.marked_children,
        _CAME.c.first_at,
    ]


def _stored_columns() -> list[Any]:
    return [
        _SCANS.c.session_id,
        _SCANS.c.result,
        _SCANS.c.flag,
        _SCANS.c.kind,
        _SCANS.c.visitor_key,
        _SCANS.c.whole,
        _SCANS.c.adults,
        _SCANS.c.children,
        _SCANS.c.beyond_adults,
        _SCANS.c.beyond_children,
    ]


def _with_places_and_arrivals(source: Any, session_id: Any) -> Any:
    return source.outerjoin(
        _PLACES,
        sa.and_(
            # "+ 0" keeps a database without statistics from walking through everybody who signed up for the session.
            _PLACES.c.session_id + 0 == session_id,
            _PLACES.c.household_id == _CARDS.c.household_id,
            _PLACES.c.cancelled_at.is_(None),
        ),
    ).outerjoin(_CAME, sa.and_(_CAME.c.session_id == session_id, _CAME.c.visitor_key == _CARDS.c.visitor_key))


_DIGEST = sa.bindparam("digest", type_=sa.String)
_ID = sa.bindparam("id", type_=sa.String)
_TOKEN = sa.bindparam("token", type_=sa.String)
_DOORS = _DEVICES.join(_SESSIONS, _SESSIONS.c.id == _DEVICES.c.session_id)
_DOOR_OF_TOKEN = sa.select(*_door_columns()).select_from(_DOORS).where(_DEVICES.c.token_digest == _TOKEN)
_SHARED_LOCK = shared_lock(_DEVICES.c.session_id)
_DOOR_AND_LOCK = _DOOR_OF_TOKEN.add_columns(_SHARED_LOCK)

_FOR_ONE = (
    sa.select(
        *_door_columns(), taken_back(_ID, _DEVICES.c.session_id).label("undone"), *_holder_columns(), *_stored_columns()
    )
    .select_from(
        _with_places_and_arrivals(
            _DOORS.outerjoin(
                _CARDS,
                sa.and_(
                    sa.or_(_CARDS.c.pass_digest == _DIGEST, _CARDS.c.code_digest == _DIGEST),
                    _CARDS.c.revoked_at.is_(None),
                ),
            ),
            _DEVICES.c.session_id,
        ).outerjoin(_SCANS, _SCANS.c.id == _ID)
    )
    .where(_DEVICES.c.token_digest == _TOKEN)
)
_KNOWN_FOR_ONE = {"sqlite": Baked(_FOR_ONE), "postgresql": Baked(_FOR_ONE.add_columns(_SHARED_LOCK))}
_DOOR_END = len(_door_columns())
_HOLDER_START = _DOOR_END + 1
_STORED_START = _HOLDER_START + len(_holder_columns())
_STORED_END = _STORED_START + len(_stored_columns())

_SESSION = sa.bindparam("session", type_=sa.Integer)
_DIGESTS = sa.bindparam("digests", expanding=True, type_=sa.String)
_IDS = sa.bindparam("ids", expanding=True, type_=sa.String)
_OF_THESE = sa.union_all(
    sa.select(_CARDS.c.id).where(_CARDS.c.pass_digest.in_(_DIGESTS), _CARDS.c.revoked_at.is_(None)),
    sa.select(_CARDS.c.id).where(_CARDS.c.code_digest.in_(_DIGESTS), _CARDS.c.revoked_at.is_(None)),
).subquery()
"""Each half by its index; of "one or the other" PostgreSQL reads every card of the city."""
_HOLDERS = sa.select(_CARDS.c.pass_digest, _CARDS.c.code_digest, *_holder_columns()).select_from(
    _with_places_and_arrivals(_OF_THESE.join(_CARDS, _CARDS.c.id == _OF_THESE.c.id), _SESSION)
)
_STORED = sa.select(_SCANS.c.id, *_stored_columns()).where(_SCANS.c.id.in_(_IDS))
_CLEARED = sa.select(
    sa.exists().where(_CAME.c.session_id == _SESSION, _CAME.c.visitor_key.startswith(CLEARED)).correlate(None)
)
_OTHER = (
    sa.select(_SESSIONS.c.title, _ACTIVITIES.c.title, _SESSIONS.c.starts_at)
    .select_from(
        _PLACES.join(_SESSIONS, _SESSIONS.c.id == _PLACES.c.session_id).join(
            _ACTIVITIES, _ACTIVITIES.c.id == _SESSIONS.c.activity_id
        )
    )
    .where(
        _PLACES.c.household_id == sa.bindparam("household", type_=sa.BigInteger),
        _PLACES.c.cancelled_at.is_(None),
        _SESSIONS.c.id != _SESSION,
        _SESSIONS.c.ends_at > sa.bindparam("now", type_=_SESSIONS.c.ends_at.type),
        _SESSIONS.c.status == SessionStatus.PLANNED,
    )
    .order_by(_SESSIONS.c.starts_at)
    .limit(1)
)


def known_for_one(connection: sa.Connection, token_digest: str, fact: Fact, now: datetime) -> Known:
    """Everything about one arrival in one statement; raise UnknownDevice."""
    statement = _KNOWN_FOR_ONE[connection.dialect.name]
    row = statement.first(connection, {"token": token_digest, "digest": fact.digest or "-", "id": fact.id})
    if row is None:
        raise UnknownDevice
    known = Known(_door(row, now))
    if row[_DOOR_END]:
        known.undone.add(fact.id)
    if row[_HOLDER_START] is not None:
        known.holders[fact.digest] = _holder(row[_HOLDER_START:_STORED_START])
        known.keys_are_cleared = _keys_are_cleared(connection, known.door)
    if row[_STORED_START] is not None:
        known.stored[fact.id] = _stored(row[_STORED_START:_STORED_END])
    return known


def known_for_many(connection: sa.Connection, token_digest: str, facts: Sequence[Fact], now: datetime) -> Known:
    """Everything about a batch; raise UnknownDevice."""
    targets = {fact.undoes for fact in facts if fact.undoes}
    locks_itself = connection.dialect.name == "sqlite" or targets
    row = connection.execute(_DOOR_OF_TOKEN if locks_itself else _DOOR_AND_LOCK, {"token": token_digest}).first()
    if row is None:
        raise UnknownDevice
    known = Known(_door(row, now))
    session_id = known.door.session_id
    if targets:
        lock_session(connection, session_id)
    digests = sorted({fact.digest for fact in facts if fact.digest})
    if digests:
        for found in connection.execute(_HOLDERS, {"session": session_id, "digests": digests}):
            known.holders[found[0]] = known.holders[found[1]] = _holder(found[2:])
        known.keys_are_cleared = _keys_are_cleared(connection, known.door)
    ids = sorted({fact.id for fact in facts} | targets)
    if ids:
        known.stored.update(stored_scans(connection, ids))
        known.undone.update(taken_ids(connection, session_id, ids))
    if targets and known.door.settled:
        known.untraceable = untraceable_ids(connection, session_id, targets)
    return known


def is_known_code(db_session: DbSession, code_digest: str) -> bool:
    """Whether a living card has this pass code or short code."""
    statement = sa.select(_CARDS.c.id).where(
        sa.or_(_CARDS.c.pass_digest == code_digest, _CARDS.c.code_digest == code_digest), _CARDS.c.revoked_at.is_(None)
    )
    return db_session.scalar(statement) is not None


def stored_scans(connection: sa.Connection, ids: Collection[str]) -> dict[str, Stored]:
    """The scans with these ids that are stored, whoever sent them."""
    return {row[0]: _stored(row[1:]) for row in connection.execute(_STORED, {"ids": list(ids)})}


def other_session(connection: sa.Connection, household_id: int, session_id: int, now: datetime) -> OtherSession | None:
    """The next other session that a household is signed up for."""
    row = connection.execute(_OTHER, {"household": household_id, "session": session_id, "now": now}).first()
    return None if row is None else OtherSession(row[0] or row[1], row[2])


def _door(row: Any, now: datetime) -> Door:
    device_id, session_id, opens_at, closes_at, revoked_at, sign_up, sensitive, ends_at, minutes, closed = row[
        :_DOOR_END
    ]
    return Door(
        device_id=device_id,
        session_id=session_id,
        opens_at=opens_at,
        closes_at=closes_at,
        revoked=revoked_at is not None,
        needs_sign_up=sign_up == SignUpMode.REQUIRED,
        sensitive=sensitive,
        settled=bool(closed) or now >= ends_at,
        individual_times=minutes is not None,
    )


def _keys_are_cleared(connection: sa.Connection, door: Door) -> bool:
    """Asked only after the session: while its door is open it has its keys."""
    return door.settled and bool(connection.execute(_CLEARED, {"session": door.session_id}).scalar())


def _holder(row: Sequence[Any]) -> Holder:
    (key, household_id, adults, children, kept_adults, kept_children, whole, *arrived, first_at) = row
    places = None
    if adults is not None:
        places = People(adults, children)
    elif kept_adults is not None:
        places = People(kept_adults, kept_children)
    if whole is None:
        return Holder(key, household_id, Tally(places))
    at_doors, beyond, marked = (People(*arrived[start : start + 2]) for start in (0, 2, 4))
    tally = Tally(places, whole, at_doors, beyond, first_at, marked)
    return Holder(key, household_id, tally)


def _stored(row: Sequence[Any]) -> Stored:
    session_id, result, flag, kind, key, whole, adults, children, beyond_adults, beyond_children = row
    arriving, beyond = People(adults, children), People(beyond_adults, beyond_children)
    return Stored(session_id, result, flag, kind, key, bool(whole), arriving, beyond)
