"""Writing a report's prose."""

from __future__ import annotations

from datetime import datetime

from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.programme.queries import ProgrammeOutline
from integration.report.models import ReportKind, ReportText
from integration.report.queries import prose_of


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
