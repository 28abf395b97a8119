"""Everything that is kept about a household, read from the tables themselves: a new column cannot be forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, Session
from integration.kernel.database import Base, DbSession
from integration.mail.models import OutboxMessage
from integration.registration.models import Household

HOUSEHOLDS: Any = Household.__table__
NOT_TOLD = ("_digest", "visitor_key", "message_id", "network")
"""Fingerprints of secrets, and what a machine alone can read: they say nothing of anybody."""


def tables_of_households() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Every table whose rows belong to a household, with the column that says to which."""
    found = [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is HOUSEHOLDS and key.parent.name == "household_id"
    ]
    return [(HOUSEHOLDS, HOUSEHOLDS.c.id), *found]


def held_about(db_session: DbSession, household_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows about the household by table, its messages too; moments as ISO 8601, sessions by name and time."""
    holders: list[tuple[Any, Any]] = [*tables_of_households()]
    holders.append((OutboxMessage.__table__, OutboxMessage.__table__.c.recipient_id))
    data = {table.name: _rows(db_session, table, column == household_id) for table, column in holders}
    _name_sessions(db_session, data)
    return {name: rows for name, rows in data.items() if rows}


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
