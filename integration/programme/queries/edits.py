"""Single rows of a programme for editing, and what was changed in it: by whom, when, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from integration.accounts.models import Account
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.programme.models import Action, Domain, Edit, Goal, Indicator, MeterLine, Programme

SHOWN = 100
"""So many changes at most are read at once, the newest."""


@dataclass(frozen=True, slots=True)
class EditView:
    """One change of one row."""

    level: str
    row_id: int
    at: datetime
    who: str
    """The account's e-mail; empty when the account is no more."""
    before: dict[str, Any]
    """Empty: the row was added."""
    after: dict[str, Any]


def programme_row(db_session: DbSession, programme: Programme, level: str, row_id: int) -> Any:
    """A row of the programme with what belongs to it; raises NotFound, also for one of another programme."""
    inside = programme.id
    statements: dict[str, sa.Select[Any]] = {
        "programme": sa.select(Programme).where(Programme.id == inside),
        "domain": sa.select(Domain).where(Domain.programme_id == inside),
        "goal": sa.select(Goal).join(Domain, Domain.id == Goal.domain_id).where(Domain.programme_id == inside),
        "action": sa.select(Action)
        .where(Action.programme_id == inside)
        .options(selectinload(Action.responsibilities), selectinload(Action.lines).selectinload(MeterLine.indicators)),
        "line": sa.select(MeterLine)
        .where(MeterLine.programme_id == inside)
        .options(selectinload(MeterLine.indicators)),
        "indicator": sa.select(Indicator)
        .where(Indicator.programme_id == inside)
        .options(selectinload(Indicator.targets)),
    }
    if level not in statements:
        raise NotFound(level)
    model = statements[level].column_descriptions[0]["entity"]
    found = db_session.scalar(statements[level].where(model.id == row_id))
    if found is None:
        raise NotFound(row_id)
    return found


def edits_of(
    db_session: DbSession, programme_id: int, level: str | None = None, row_id: int | None = None
) -> list[EditView]:
    """What was changed in a programme, or in one row of it; the newest first."""
    statement = (
        sa.select(Edit, Account.email)
        .outerjoin(Account, Account.id == Edit.account_id)
        .where(Edit.programme_id == programme_id)
        .order_by(Edit.id.desc())
        .limit(SHOWN)
    )
    if level is not None:
        statement = statement.where(Edit.level == level, Edit.row_id == row_id)
    return [
        EditView(each.level, each.row_id, each.at, email or "", each.before, each.after)
        for each, email in db_session.execute(statement)
    ]
