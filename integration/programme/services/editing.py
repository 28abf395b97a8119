"""Editing a programme in place: the council updates it while it runs, and what it said before is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.programme.errors import ProgrammeClosed
from integration.programme.models import Action, Domain, Edit, Goal, Indicator, MeterLine, Programme, Target

LEVELS: dict[type, str] = {
    Programme: "programme",
    Domain: "domain",
    Goal: "goal",
    Action: "action",
    MeterLine: "line",
    Indicator: "indicator",
}
Row = Programme | Domain | Goal | Action | MeterLine | Indicator
TARGET_COLUMNS = ("year", "form", "period", "lower", "upper", "planned")


def edit_row(
    db_session: DbSession,
    programme: Programme,
    row: Row,
    columns: Mapping[str, Any],
    *,
    targets: list[Mapping[str, Any]] | None = None,
    account_id: int,
    now: datetime,
) -> bool:
    """Change these columns (and, of an indicator, its targets) and keep what they said; False when nothing differs.

    Raises ProgrammeClosed.
    """
    if programme.closed_at is not None:
        raise ProgrammeClosed
    before = {name: getattr(row, name) for name, value in columns.items() if getattr(row, name) != value}
    after = {name: columns[name] for name in before}
    if isinstance(row, Indicator) and targets is not None:
        present = [_plain(each) for each in row.targets]
        if sorted(present, key=str) != sorted(map(dict, targets), key=str):
            before["targets"], after["targets"] = present, [dict(each) for each in targets]
            row.targets.clear()
            db_session.flush()
            row.targets.extend(Target(**each) for each in targets)
    if not before:
        return False
    for name in columns:
        if name in before:
            setattr(row, name, columns[name])
    _note(db_session, programme, row, (before, after), account_id, now)
    return True


def _note(
    db_session: DbSession,
    programme: Programme,
    row: Row,
    change: tuple[dict[str, Any], dict[str, Any]],
    account_id: int,
    now: datetime,
) -> None:
    """Write the change into the programme's history and leave a trace."""
    level, (before, after) = LEVELS[type(row)], change
    db_session.add(
        Edit(
            programme_id=programme.id,
            level=level,
            row_id=row.id,
            before=before,
            after=after,
            at=now,
            account_id=account_id,
        )
    )
    db_session.flush()
    record(
        db_session,
        Audited.PROGRAMME_EDITED,
        level,
        row.id,
        account_id=account_id,
        now=now,
        programme=programme.id,
    )


def publish_programme(db_session: DbSession, programme: Programme, *, account_id: int, now: datetime) -> None:
    """Show a draft to everybody. Publishing twice changes nothing."""
    if programme.draft:
        programme.draft = False
        record(db_session, Audited.PROGRAMME_PUBLISHED, "programme", programme.id, account_id=account_id, now=now)


def close_programme(programme: Programme, now: datetime) -> None:
    """Every figure of every year is locked: from now on the programme is only read."""
    programme.closed_at = programme.closed_at or now


def _plain(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in TARGET_COLUMNS}
