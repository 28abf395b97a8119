"""Publishing an edition: what it says is written down in the moment that asks for it, and frozen with its files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.indicators.queries import programme_figures
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
from integration.report.errors import BeingMade, PublishedAlready
from integration.report.models import Edition, EditionFile, EditionOrder, ReportKind
from integration.report.queries import assessments_of, next_number, orders_of, prose_of, told_persons


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
    """Write down the report as it is now, to be published with this number; a worker makes its files.

    One that could not be made gives way. Raises BeingMade, PublishedAlready.
    """
    _one_after_another(db_session)
    earlier = orders_of(db_session, programme.id).get((kind, year))
    if earlier is not None and earlier.failed_at is None:
        raise BeingMade
    if number != next_number(db_session, programme.id, kind, year):
        raise PublishedAlready
    if earlier is not None:
        db_session.delete(earlier)
        db_session.flush()
    draft = draft_of(db_session, programme, kind, year, now, number)
    order = EditionOrder(
        programme_id=programme.id,
        kind=kind,
        year=year,
        number=number,
        asked_at=now,
        asked_by=account_id,
        manuscript=manuscript_of(draft).kept(),
        persons=draft.figures.persons_printed(report_years(draft)),
        attempts=0,
    )
    db_session.add(order)
    db_session.flush()
    facts = {"year": year, "kind": kind.value, "number": number}
    record(db_session, Audited.EDITION_ORDERED, "programme", programme.id, account_id=account_id, now=now, **facts)
    return order


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


def _one_after_another(db_session: DbSession) -> None:
    """Who asks second sees what the first has asked for: also the numbers of people that one edition gives away of
    another. An embedded database has one writer; the other takes no snapshot before it holds this lock.
    """
    if db_session.get_bind().dialect.name == "postgresql":
        db_session.execute(sa.text("LOCK TABLE edition_orders IN SHARE ROW EXCLUSIVE MODE"))
