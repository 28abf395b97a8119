"""Writing a report's prose and publishing an edition, which nothing changes afterwards."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.indicators.queries import programme_figures
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.queries import ProgrammeOutline
from integration.report.editions import Draft, digest_of, edition_files, report_years
from integration.report.editions.files import LANGUAGES
from integration.report.errors import PublishedAtOnce
from integration.report.models import Edition, EditionFile, ReportKind, ReportText
from integration.report.queries import assessments_of, prose_of, told_persons


def write_prose(
    db_session: DbSession,
    programme: ProgrammeOutline,
    kind: ReportKind,
    year: int,
    domain_id: int | None,
    texts: dict[str, str],
    *,
    account_id: int,
    now: datetime,
) -> int:
    """Keep what has changed of a domain's (None: the summary's) texts; returns how many languages that were."""
    before = prose_of(db_session, programme.id, kind, year).get(domain_id) or {}
    changed = {code: text for code, text in texts.items() if text != before.get(code, "")}
    for code, text in changed.items():
        db_session.add(
            ReportText(
                programme_id=programme.id,
                kind=kind,
                year=year,
                domain_id=domain_id,
                language=code,
                text=text,
                written_at=now,
                written_by=account_id,
            )
        )
    if changed:
        facts = {"year": year, "kind": kind.value, "domain": domain_id or 0, "languages": len(changed)}
        record(db_session, Audited.REPORT_WRITTEN, "programme", programme.id, account_id=account_id, now=now, **facts)
    db_session.flush()
    return len(changed)


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


def publish(
    db_session: DbSession, programme: ProgrammeOutline, kind: ReportKind, year: int, *, account_id: int, now: datetime
) -> Edition:
    """Freeze the report as it is now. Of two who publish at once, the second is refused (PublishedAtOnce)."""
    same = (Edition.programme_id == programme.id, Edition.kind == kind, Edition.year == year)
    number = (db_session.scalar(sa.select(sa.func.max(Edition.number)).where(*same)) or 0) + 1
    draft = draft_of(db_session, programme, kind, year, now, number)
    files = edition_files(draft)
    edition = Edition(
        programme_id=programme.id,
        kind=kind,
        year=year,
        number=number,
        languages=list(LANGUAGES),
        data_until_at=now,
        published_at=now,
        published_by=account_id,
        sha256=digest_of((each.name, each.sha256) for each in files),
        persons=draft.figures.persons_printed(report_years(draft)),
        files=[
            EditionFile(
                file_name=each.name,
                media_type=each.media_type,
                size=len(each.content),
                sha256=each.sha256,
                content=each.content,
            )
            for each in files
        ],
    )
    try:
        with db_session.begin_nested():
            db_session.add(edition)
    except sa.exc.IntegrityError as problem:
        raise PublishedAtOnce from problem
    facts = {"year": year, "kind": kind.value, "number": number}
    record(db_session, Audited.EDITION_PUBLISHED, "edition", edition.id, account_id=account_id, now=now, **facts)
    return edition
