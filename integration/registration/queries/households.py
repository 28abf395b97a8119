"""Reading households, and others to whom messages go."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from integration.kernel.database import DbSession
from integration.registration.models import GroupRegistration, Household, Stand


class Addressee(NamedTuple):
    """To whom a message goes: a household, who answers for a group, or who asked for a stand."""

    name: str | None
    phone: str | None


def addressees_by_id(db_session: DbSession, ids: Collection[int]) -> dict[int, Addressee]:
    """These addressees, as far as they are still there; their ids are random, so that no two kinds share one."""
    if not ids:
        return {}
    named = (
        (Household, Household.name),
        (GroupRegistration, GroupRegistration.name),
        (Stand, Stand.organisation_name),
    )
    rows = sa.union_all(
        *(sa.select(table.id, name.label("name"), table.phone).where(table.id.in_(ids)) for table, name in named)
    )
    return {key: Addressee(name, phone) for key, name, phone in db_session.execute(rows)}
