"""Reading groups and stands of a session."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.registration.models import GroupRegistration, Stand, StandState


class GroupTotals(NamedTuple):
    """How many groups come and how many people they are; how many stands are asked for and confirmed."""

    groups: int
    people: int
    asked: int
    confirmed: int


def groups_of_session(db_session: DbSession, session_id: int) -> list[GroupRegistration]:
    """The groups that come, in the order of signing up."""
    statement = (
        sa.select(GroupRegistration)
        .where(GroupRegistration.session_id == session_id, GroupRegistration.cancelled_at.is_(None))
        .order_by(GroupRegistration.created_at, GroupRegistration.id)
    )
    return list(db_session.scalars(statement))


def group_of(db_session: DbSession, session_id: int, group_id: int) -> GroupRegistration:
    """One of the groups that come to this session; raises NotFound."""
    group = db_session.get(GroupRegistration, group_id) if group_id < 2**63 else None
    if group is None or group.session_id != session_id or group.cancelled_at:
        raise NotFound(group_id)
    return group


def stands_of_session(db_session: DbSession, session_id: int) -> list[Stand]:
    """Who asked for a stand, in the order of asking."""
    statement = (
        sa.select(Stand)
        .where(Stand.session_id == session_id)
        .options(joinedload(Stand.organisation))
        .order_by(Stand.asked_at, Stand.id)
    )
    return list(db_session.scalars(statement))


def stand_of(db_session: DbSession, session_id: int, stand_id: int) -> Stand:
    """One stand of this session; raises NotFound."""
    stand = db_session.get(Stand, stand_id) if stand_id < 2**63 else None
    if stand is None or stand.session_id != session_id:
        raise NotFound(stand_id)
    return stand


def group_totals(db_session: DbSession, session_id: int) -> GroupTotals:
    """The numbers of groups and stands of a session in one statement, without reading who."""
    group, stand = GroupRegistration, Stand
    live = (group.session_id == session_id, group.cancelled_at.is_(None))
    row = db_session.execute(
        sa.select(
            sa.select(sa.func.count()).select_from(group).where(*live).scalar_subquery(),
            sa.select(sa.func.coalesce(sa.func.sum(group.adults + group.children), 0)).where(*live).scalar_subquery(),
            *(
                sa.select(sa.func.count())
                .select_from(stand)
                .where(stand.session_id == session_id, stand.state == state)
                .scalar_subquery()
                for state in (StandState.ASKED, StandState.CONFIRMED)
            ),
        )
    ).one()
    return GroupTotals(*row)
