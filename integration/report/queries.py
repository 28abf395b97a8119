"""Reading assessments, the prose of reports, and what was published."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer

from integration.indicators.queries import History
from integration.kernel.database import DbSession, Texts
from integration.programme.models import Action
from integration.report.models import Assessment, Edition, EditionFile, EditionOrder, ReportKind, ReportText


def assessments_of(db_session: DbSession, programme_id: int, year: int) -> dict[int, Assessment]:
    """Action id > what is said of its year."""
    rows = db_session.scalars(
        sa.select(Assessment)
        .join(Action, Action.id == Assessment.action_id)
        .where(Action.programme_id == programme_id, Assessment.year == year)
    )
    return {each.action_id: each for each in rows}


def prose_of(db_session: DbSession, programme_id: int, kind: ReportKind, year: int) -> dict[int | None, Texts]:
    """Domain id (None: the summary) > the latest text in each language; an emptied text is left out."""
    found: dict[int | None, Texts] = {}
    for each in writings_of(db_session, programme_id, kind, year):
        texts = found.setdefault(each.domain_id, {})
        texts.pop(each.language, None)
        if each.text:
            texts[each.language] = each.text
    return found


def writings_of(db_session: DbSession, programme_id: int, kind: ReportKind, year: int) -> list[ReportText]:
    """Everything that was ever written for a report, the oldest first."""
    statement = sa.select(ReportText).where(
        ReportText.programme_id == programme_id, ReportText.kind == kind, ReportText.year == year
    )
    return list(db_session.scalars(statement.order_by(ReportText.id)))


def editions_of(db_session: DbSession, programme_id: int) -> list[Edition]:
    """What was published of a programme, the newest first, with the names of its files but not their content."""
    statement = sa.select(Edition).where(Edition.programme_id == programme_id).options(selectinload(Edition.files))
    return list(db_session.scalars(statement.order_by(Edition.published_at.desc(), Edition.id.desc())))


def next_number(db_session: DbSession, programme_id: int, kind: ReportKind, year: int) -> int:
    """The number of the report's next edition."""
    same = (Edition.programme_id == programme_id, Edition.kind == kind, Edition.year == year)
    return (db_session.scalar(sa.select(sa.func.max(Edition.number)).where(*same)) or 0) + 1


def orders_of(db_session: DbSession, programme_id: int) -> dict[tuple[ReportKind, int], EditionOrder]:
    """Kind and year of a report > its edition that is being made, or could not be."""
    rows = db_session.scalars(sa.select(EditionOrder).where(EditionOrder.programme_id == programme_id))
    return {(each.kind, each.year): each for each in rows}


def edition_file(
    db_session: DbSession, programme_id: int, kind: str, year: int, number: int, name: str
) -> EditionFile | None:
    """One file of an edition with its content."""
    return db_session.scalar(
        sa.select(EditionFile)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(
            Edition.programme_id == programme_id,
            sa.cast(Edition.kind, sa.String) == kind,
            Edition.year == year,
            Edition.number == number,
            EditionFile.file_name == name,
        )
        .options(undefer(EditionFile.content))
    )


def told_persons(db_session: DbSession, programme_id: int) -> History:
    """Year > U by action (0: the programme) as each edition printed it, None where it said "<5"; one statement.

    An edition that is being made counts already: what it says stands.
    """
    found: dict[int, list[dict[int, int | None]]] = {}
    told = sa.select(Edition.persons, Edition.number).where(Edition.programme_id == programme_id)
    making = sa.select(EditionOrder.persons, EditionOrder.number).where(
        EditionOrder.programme_id == programme_id, EditionOrder.failed_at.is_(None)
    )
    for persons, _number in db_session.execute(told.union_all(making)):
        for year, places in persons.items():
            found.setdefault(int(year), []).append({int(place): number for place, number in places.items()})
    return found
