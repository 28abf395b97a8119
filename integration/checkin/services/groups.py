"""Groups that came: by number, as listed; never by card, so that nobody in them becomes a unique person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.errors import NotPermitted
from integration.accounts.rules import Actor, Permission
from integration.activities.models import Session, SessionStatus
from integration.audit.services import Audited, record
from integration.checkin.errors import SessionIsCancelled
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance, Source
from integration.checkin.queries.groups import origin_of
from integration.checkin.rules import People
from integration.kernel.database import DbSession, insert_into
from integration.kernel.events import publish

_CAME: Any = Attendance.__table__


def count_groups(
    db_session: DbSession, actor: Actor, session: Session, came: Mapping[int, People], now: datetime
) -> None:
    """Say how many of each group came (by the group's id); saying it again replaces what was said.

    Raises NotPermitted or SessionIsCancelled.
    """
    if not actor.can(Permission.DOOR_OPEN, session.activity.organisation_id):
        raise NotPermitted(session.id)
    if session.status == SessionStatus.CANCELLED:
        raise SessionIsCancelled
    for group_id, people in sorted(came.items()):
        _write(db_session, session.id, group_id, people, now)
    facts = {"groups": len(came), "people": sum(people.total for people in came.values())}
    record(db_session, Audited.GROUPS_COUNTED, "session", session.id, account_id=actor.account_id, now=now, **facts)
    publish(db_session, AttendanceChanged(session.id, now))


def _write(db_session: DbSession, session_id: int, group_id: int, people: People, now: datetime) -> None:
    if not people.total:
        db_session.execute(sa.delete(_CAME).where(_CAME.c.scan_id == origin_of(group_id)))
        return
    statement = insert_into(db_session, _CAME).values(
        session_id=session_id,
        scan_id=origin_of(group_id),
        source=Source.LISTED,
        arrived_adults=people.adults,
        arrived_children=people.children,
        beyond_adults=0,
        beyond_children=0,
        first_at=now,
    )
    new = statement.excluded
    counts = {name: new[name] for name in ("arrived_adults", "arrived_children")}
    db_session.execute(statement.on_conflict_do_update(index_elements=["scan_id"], set_=counts))
