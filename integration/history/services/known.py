"""What is there already: rows that hold, reports that nobody may overwrite, and what sort of sessions rows become."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from integration.activities.models import Activity, Audience, SessionKind
from integration.history.models import ImportRow
from integration.history.rules import Problem
from integration.indicators.models import Provenance, Report, Stage
from integration.indicators.rules import Slice
from integration.kernel.database import DbSession
from integration.programme.queries import ActionOutline, ProgrammeOutline

Target = tuple[int | None, int | None]
"""Activity id, or else action id."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of an import as it is kept. Files have tens of thousands of them: none becomes an object of the ORM."""

    id: int
    import_id: int
    number: int
    subject: str
    facts: dict[str, Any]
    source: str | None
    session_id: int | None
    report_id: int | None
    live: bool


def kept_rows() -> sa.Select[Any]:
    """What a KeptRow is made of, still without any condition."""
    return sa.select(*(getattr(ImportRow, each.name) for each in fields(KeptRow)))


def live_rows(db_session: DbSession, subjects: Collection[str]) -> dict[str, KeptRow]:
    """The rows that hold of these subjects, whichever import they are from."""
    return {each.subject: each for each in live_or_own(db_session, subjects, None)}


def live_or_own(db_session: DbSession, subjects: Collection[str], import_id: int | None) -> list[KeptRow]:
    """The rows of these subjects that hold, and those of this import.

    Asked for together, because only so does the database look for their subjects. Alone it would go through all rows
    of the import for every slice, as long as it takes a table that is just being filled for a small one.
    """
    own = ImportRow.import_id == import_id if import_id else sa.false()
    statement = kept_rows().where(ImportRow.subject.in_(list(subjects)), sa.or_(ImportRow.live, own))
    return [KeptRow(*each) for each in db_session.execute(statement)] if subjects else []


def places_of(db_session: DbSession, programme: ProgrammeOutline) -> dict[Target, Slice]:
    """What sort of session a row about an activity, or only about an action, becomes."""
    found: dict[Target, Slice] = {
        (each.id, None): Slice(each.kind, each.audience, each.sensitive)
        for each in db_session.execute(sa.select(Activity.id, Activity.kind, Activity.audience, Activity.sensitive))
    }
    found |= {(None, each.id): Slice(kind_of(each), audience_of(each), False) for each in programme.actions}
    return found


def kind_of(action: ActionOutline) -> SessionKind:
    """What an action's indicators count, for sessions of which only the action is known."""
    kinds = (kind for line in action.lines for each in line.indicators for kind in each.kinds)
    return SessionKind(next(kinds, SessionKind.INFO))


def audience_of(action: ActionOutline) -> Audience:
    """Whom an action's indicators count, for sessions of which only the action is known."""
    audiences = (audience for line in action.lines for each in line.indicators for audience in each.audiences)
    return Audience(next(audiences, Audience.RESIDENTS))


def reports_in_the_way(
    db_session: DbSession, wanted: Iterable[dict[str, Any]]
) -> dict[tuple[int, int], tuple[int, Problem | None]]:
    """Indicator id and year > the newest report's id, and why a spreadsheet may not change it."""
    pairs = {(each["indicator"], each["year"]) for each in wanted}
    if not pairs:
        return {}
    rows = db_session.execute(
        sa.select(Report.id, Report.indicator_id, Report.year, Report.stage, Report.provenance, Report.value)
        .where(sa.tuple_(Report.indicator_id, Report.year).in_(sorted(pairs)))
        .order_by(Report.revision)
    )
    return {(row.indicator_id, row.year): (row.id, _hindrance(row)) for row in rows}


def _hindrance(row: Any) -> Problem | None:
    facts = {"value": row.value}
    if row.stage is Stage.LOCKED:
        return Problem("value", "locked", facts)
    if row.stage is Stage.ACCEPTED:
        return Problem("value", "accepted", facts)
    return None if row.provenance is Provenance.IMPORTED else Problem("value", "reported", facts)
