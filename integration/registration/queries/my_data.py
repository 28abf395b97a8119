"""Everything that is kept about a household, read from the tables themselves: a new column cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from integration.activities.models import Activity, Session
from integration.kernel.database import Base, DbSession
from integration.mail.models import OutboxMessage
from integration.registration.models import HeldSignUp, Household, Series

HOUSEHOLDS: Any = Household.__table__
NOT_TOLD = ("_digest", "visitor_key", "message_id", "network")
"""Fingerprints of secrets, and what a machine alone can read: they say nothing of anybody."""
MOST_MESSAGES = 200
"""So many messages on the page, the latest; all of them are in the file."""

Holding = Callable[[int], list[tuple[Any, Any]]]
"""What another feature keeps about a household: tables, each with the condition that finds the household's rows."""


def tables_of_households() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Every table whose rows belong to a household, with the column that says to which."""
    found = [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is HOUSEHOLDS and key.parent.name == "household_id"
    ]
    return [(HOUSEHOLDS, HOUSEHOLDS.c.id), *found]


def held_about(
    db_session: DbSession, household_id: int, others: Iterable[Holding] = ()
) -> dict[str, list[dict[str, Any]]]:
    """All rows about the household by table, its messages too; moments as ISO 8601, sessions by name and time.

    ``others`` say what features keep that this one does not know.
    """
    holders: list[tuple[Any, Any]] = [(table, column == household_id) for table, column in tables_of_households()]
    holders.append((OutboxMessage.__table__, _sent_to(household_id)))
    for other in others:
        holders += other(household_id)
    data = {table.name: _rows(db_session, table, condition) for table, condition in holders}
    _name_sessions(db_session, data)
    return {name: rows for name, rows in data.items() if rows}


def all_series(db_session: DbSession, household_id: int) -> list[tuple[Series, Activity]]:
    """Every series that the household ever joined, the latest first."""
    found = db_session.execute(
        sa.select(Series, Activity)
        .join(Activity, Activity.id == Series.activity_id)
        .where(Series.household_id == household_id)
        .order_by(Series.created_at.desc(), Series.id)
    )
    return [(series, activity) for series, activity in found]


def all_held(db_session: DbSession, household_id: int) -> list[HeldSignUp]:
    """Sign-ups of the household that staff look at first."""
    statement = (
        sa.select(HeldSignUp)
        .where(HeldSignUp.household_id == household_id)
        .options(joinedload(HeldSignUp.session).joinedload(Session.activity))
        .order_by(HeldSignUp.created_at.desc(), HeldSignUp.id)
    )
    return list(db_session.scalars(statement))


def messages_to(db_session: DbSession, household_id: int) -> list[OutboxMessage]:
    """The latest messages that were written to the household, whatever became of them."""
    statement = sa.select(OutboxMessage).where(_sent_to(household_id))
    return list(db_session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(MOST_MESSAGES)))


def _sent_to(household_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(OutboxMessage.recipient_kind == "household", OutboxMessage.recipient_id == household_id)


def _rows(db_session: DbSession, table: Any, condition: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if not column.name.endswith(NOT_TOLD)]
    found = db_session.execute(sa.select(*columns).where(condition)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _name_sessions(db_session: DbSession, data: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for each in data.values() for row in each if row.get("session_id")]
    ids = {row["session_id"] for row in rows}
    if not ids:
        return
    found = db_session.execute(
        sa.select(Session.id, Session.title, Activity.title, Session.starts_at)
        .join(Activity, Activity.id == Session.activity_id)
        .where(Session.id.in_(ids))
    )
    named = {key: {"title": title or of_activity, "starts_at": _plain(at)} for key, title, of_activity, at in found}
    for row in rows:
        row["session"] = named.get(row["session_id"])
