"""Where a meter goes on in another programme, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from integration.kernel.database import DbSession, Texts
from integration.programme.models import Action, MeterLine, Programme, Succession


@dataclass(frozen=True, slots=True)
class Relative:
    """The same action one programme earlier or later."""

    programme: str
    """Its slug."""
    title: Texts
    line: str | None
    """The slug of the same meter there; None where it has another: the action was merged or its meter changed."""
    later: bool


def relatives_of(db_session: DbSession, action_id: int, line: str, *, drafts: bool) -> list[Relative]:
    """The programme before and the one after in which a meter line can be followed, the earlier first."""
    other = sa.case((Succession.former_id == action_id, Succession.action_id), else_=Succession.former_id)
    later = sa.case((Succession.former_id == action_id, True), else_=False).label("later")
    rows = db_session.execute(
        sa.select(Programme.slug, Programme.title, MeterLine.slug.label("line"), later)
        .select_from(Succession)
        .join(Action, Action.id == other)
        .join(Programme, Programme.id == Action.programme_id)
        .outerjoin(MeterLine, sa.and_(MeterLine.action_id == Action.id, MeterLine.slug == line))
        .where(
            sa.or_(Succession.former_id == action_id, Succession.action_id == action_id),
            sa.true() if drafts else ~Programme.draft,
        )
        .order_by(Programme.first_year, Action.position)
    )
    return [Relative(row.slug, row.title, row.line, bool(row.later)) for row in rows]
