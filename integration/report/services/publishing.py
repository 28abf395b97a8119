"""Publishing an edition: what it says is written down in the moment that asks for it, and frozen with its files."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.indicators.queries import History, programme_figures
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.queries import ProgrammeOutline
from integration.report.editions import (
    LANGUAGES,
    Draft,
    MadeFile,
    Manuscript,
    digest_of,
    edition_files,
    manuscript_of,
    report_years,
)
from integration.report.errors import BeingMade, PublishedAlready, ToldMeanwhile
from integration.report.models import Edition, EditionFile, EditionOrder, ReportKind
from integration.report.queries import assessments_of, next_number, orders_of, prose_of, told_persons

_LOCK = zlib.crc32(b"edition order")


def draft_of(
    db_session: DbSession, programme: ProgrammeOutline, kind: ReportKind, year: int, now: datetime, number: int | None
) -> Draft:
    """All that a report is made from, as the public may see it (rule 10): read at one moment."""
    said = assessments_of(db_session, programme.id, year)
    told = told_persons(db_session, programme.id)
    lines = tuple(programme.lines)
    return Draft(
        programme=programme,
        figures=programme_figures(db_session, programme, local_date(now), council=False, lines=lines, told=told),
        kind=kind,
        year=year,
        prose=prose_of(db_session, programme.id, kind, year),
        assessments={action_id: each for action_id, each in said.items() if each.decided_at is not None},
        made_at=now.replace(microsecond=0),
        number=number,
    )


@dataclass(frozen=True)
class Prepared:
    """An edition that is to be ordered: what it says, read at one moment, and what had been told by then."""

    programme_id: int
    kind: ReportKind
    year: int
    number: int
    asked_at: datetime
    manuscript: dict[str, Any]
    persons: dict[str, Any]
    told: History


def prepare_edition(
    db_session: DbSession, programme: ProgrammeOutline, kind: ReportKind, year: int, *, number: int, now: datetime
) -> Prepared:
    """Read what the report says now; nothing is written yet, and nobody waits. Raises BeingMade, PublishedAlready."""
    _require_next(db_session, programme.id, kind, year, number)
    draft = draft_of(db_session, programme, kind, year, now, number)
    persons = draft.figures.persons_printed(report_years(draft))
    told = told_persons(db_session, programme.id)
    return Prepared(programme.id, kind, year, number, now, manuscript_of(draft).kept(), persons, told)


def keep_order(db_session: DbSession, prepared: Prepared, *, account_id: int, now: datetime) -> EditionOrder:
    """Let it be published as it was read; a worker makes its files. One that could not be made gives way.

    Raises BeingMade, PublishedAlready, and ToldMeanwhile when another edition was ordered since it was read.
    """
    _one_after_another(db_session)
    same = (prepared.programme_id, prepared.kind, prepared.year)
    earlier = _require_next(db_session, *same, prepared.number)
    if told_persons(db_session, prepared.programme_id) != prepared.told:
        raise ToldMeanwhile
    if earlier is not None:
        db_session.delete(earlier)
        db_session.flush()
    order = EditionOrder(
        programme_id=prepared.programme_id,
        kind=prepared.kind,
        year=prepared.year,
        number=prepared.number,
        asked_at=prepared.asked_at,
        asked_by=account_id,
        manuscript=prepared.manuscript,
        persons=prepared.persons,
        attempts=0,
    )
    db_session.add(order)
    db_session.flush()
    facts = {"year": prepared.year, "kind": prepared.kind.value, "number": prepared.number}
    action, subject = Audited.EDITION_ORDERED, prepared.programme_id
    record(db_session, action, "programme", subject, account_id=account_id, now=now, **facts)
    return order


def order_edition(
    db_session: DbSession,
    programme: ProgrammeOutline,
    kind: ReportKind,
    year: int,
    *,
    number: int,
    account_id: int,
    now: datetime,
) -> EditionOrder:
    """Read and order in one go, where nobody else is about. Raises what ``keep_order`` raises."""
    prepared = prepare_edition(db_session, programme, kind, year, number=number, now=now)
    return keep_order(db_session, prepared, account_id=account_id, now=now)


def files_of(order: EditionOrder) -> list[MadeFile]:
    """The files of an edition, made from what was written down; takes seconds and asks the database for nothing."""
    return edition_files(Manuscript(made_at=order.asked_at, **order.manuscript))


def freeze(db_session: DbSession, order: EditionOrder, files: Iterable[MadeFile], now: datetime) -> Edition:
    """Publish what was ordered, all of it at once; from now on it never changes."""
    made = list(files)
    edition = Edition(
        programme_id=order.programme_id,
        kind=order.kind,
        year=order.year,
        number=order.number,
        languages=list(LANGUAGES),
        data_until_at=order.asked_at,
        published_at=now,
        published_by=order.asked_by,
        sha256=digest_of((each.name, each.sha256) for each in made),
        persons=order.persons,
        files=[
            EditionFile(
                file_name=each.name,
                media_type=each.media_type,
                size=len(each.content),
                sha256=each.sha256,
                content=each.content,
            )
            for each in made
        ],
    )
    db_session.add(edition)
    db_session.delete(order)
    db_session.flush()
    facts = {"year": order.year, "kind": order.kind.value, "number": order.number}
    record(db_session, Audited.EDITION_PUBLISHED, "edition", edition.id, account_id=order.asked_by, now=now, **facts)
    return edition


def _require_next(
    db_session: DbSession, programme_id: int, kind: ReportKind, year: int, number: int
) -> EditionOrder | None:
    """The order that could not be made and gives way, if there is one. Raises BeingMade, PublishedAlready."""
    earlier = orders_of(db_session, programme_id).get((kind, year))
    if earlier is not None and earlier.failed_at is None:
        raise BeingMade
    if number != next_number(db_session, programme_id, kind, year):
        raise PublishedAlready
    return earlier


def _one_after_another(db_session: DbSession) -> None:
    """Who orders second sees what the first has ordered: an embedded database has one writer, the other this lock."""
    if db_session.get_bind().dialect.name == "postgresql":
        db_session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
