"""The groups of a session, with how many of each were counted."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from integration.checkin.models import Attendance
from integration.checkin.rules import People
from integration.kernel.database import DbSession
from integration.registration.models import GroupRegistration
from integration.registration.queries.groups import groups_of_session


@dataclass(frozen=True)
class GroupCount:
    """A group as it signed up; ``came`` None: nobody has said yet whether it came."""

    group: GroupRegistration
    came: People | None


def origin_of(group_id: int) -> str:
    """What stands in a group's attendance where others have the scan that counted them."""
    return f"group-{group_id}"


def counted_groups(db_session: DbSession, session_id: int) -> list[GroupCount]:
    """The groups that signed up, each with how many came."""
    groups = groups_of_session(db_session, session_id)
    if not groups:
        return []
    rows = db_session.execute(
        sa.select(Attendance.scan_id, Attendance.adults, Attendance.children).where(
            Attendance.session_id == session_id, Attendance.scan_id.in_([origin_of(each.id) for each in groups])
        )
    )
    came = {scan_id: People(adults, children) for scan_id, adults, children in rows}
    return [GroupCount(each, came.get(origin_of(each.id))) for each in groups]
