"""Imports, their rows, and the figures that they are behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from integration.accounts.models import Account
from integration.activities.models import Session, SessionStatus
from integration.history.models import Import, ImportRow, Progress, RowState
from integration.indicators.models import FoldedServing
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound

PAGE = 100
"""Rows shown at a time."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which spreadsheet figures are from."""

    import_id: int
    file_name: str
    sha256: str
    imported_at: datetime
    account: str | None
    """Of whoever imported it."""
    rows: int
    first: int
    last: int
    source: str | None
    """What the source column says of these rows, where they say one and the same."""
    sources: int
    """How many different sources they name."""


def imports_of(db_session: DbSession, programme_id: int) -> list[Import]:
    """A programme's imports, the newest first."""
    return list(
        db_session.scalars(sa.select(Import).where(Import.programme_id == programme_id).order_by(Import.id.desc()))
    )


def import_by_id(db_session: DbSession, programme_id: int, number: int) -> Import:
    """One import of this programme; raises NotFound."""
    found = db_session.get(Import, number) if number < 2**31 else None
    if found is None or found.programme_id != programme_id:
        raise NotFound(number)
    return found


def same_file(db_session: DbSession, each: Import) -> Import | None:
    """The last import of the very same file that holds."""
    return db_session.scalar(
        sa.select(Import)
        .where(
            Import.programme_id == each.programme_id,
            Import.sha256 == each.sha256,
            Import.id != each.id,
            Import.progress == Progress.DONE,
        )
        .order_by(Import.id.desc())
        .limit(1)
    )


def rows_in(
    db_session: DbSession, import_id: int, state: RowState, after: int = 0, most: int = PAGE
) -> list[ImportRow]:
    """The import's rows in this state, by their numbers, beginning after one."""
    return list(
        db_session.scalars(
            sa.select(ImportRow)
            .where(ImportRow.import_id == import_id, ImportRow.state == state, ImportRow.number > after)
            .order_by(ImportRow.number)
            .limit(most)
        )
    )


def origins_of_sessions(db_session: DbSession, programme_id: int, action_id: int, year: int) -> list[Origin]:
    """The spreadsheets that sessions of an action (0: of the programme) and year are from. One statement."""
    return _origins(
        db_session,
        ImportRow.session_id.in_(
            sa.select(FoldedServing.session_id).where(
                FoldedServing.programme_id == programme_id,
                FoldedServing.action_id == action_id,
                FoldedServing.year == year,
            )
        ),
    )


def origins_of_reports(db_session: DbSession, report_ids: Collection[int]) -> list[Origin]:
    """The spreadsheets that these reports are from. One statement."""
    return _origins(db_session, ImportRow.report_id.in_(list(report_ids))) if report_ids else []


def counted_here(db_session: DbSession, pairs: Collection[tuple[int, date]]) -> set[tuple[int, date]]:
    """Of these activities and dates, those with a session that was planned here and is no import's."""
    if not pairs:
        return set()
    wanted = sa.tuple_(Session.activity_id, Session.local_on).in_(list(pairs))
    imported = sa.exists().where(ImportRow.session_id == Session.id)
    rows = db_session.execute(
        sa.select(Session.activity_id, Session.local_on).where(
            wanted, Session.status == SessionStatus.PLANNED, ~imported
        )
    )
    return {(activity_id, on) for activity_id, on in rows}


def _origins(db_session: DbSession, which: sa.ColumnElement[bool]) -> list[Origin]:
    rows: Any = db_session.execute(
        sa.select(
            *(Import.id, Import.file_name, Import.sha256, Import.decided_at, Account.email),
            sa.func.count(ImportRow.id),
            sa.func.min(ImportRow.number),
            sa.func.max(ImportRow.number),
            sa.func.min(ImportRow.source),
            sa.func.count(sa.distinct(ImportRow.source)),
        )
        .join(ImportRow, ImportRow.import_id == Import.id)
        .outerjoin(Account, Account.id == Import.decided_by)
        .where(ImportRow.live, which)
        .group_by(Import.id, Import.file_name, Import.sha256, Import.decided_at, Account.email)
        .order_by(Import.id)
    )
    return [Origin(*row) for row in rows]
