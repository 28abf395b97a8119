"""Evidence: files that show that a report is true."""

from __future__ import annotations

import hashlib
from datetime import datetime

from integration.audit.services import Audited, record
from integration.indicators.errors import FileNotAllowed, StepNotPossible
from integration.indicators.models import Evidence, Report, Stage
from integration.indicators.rules.cycle import Step
from integration.kernel.database import DbSession

LARGEST = 5 * 1024 * 1024
"""Bytes; minutes and plans are smaller, and the database keeps them."""
KINDS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
"""How a file begins > what it is. Only what a browser shows without running anything is taken."""
TITLE_LENGTH = 200


def add_evidence(
    db_session: DbSession, report: Report, title: str, content: bytes, *, account_id: int, now: datetime
) -> Evidence:
    """Attach a file to a report that is not accepted yet. Raises FileNotAllowed, StepNotPossible."""
    _require_open(report)
    media_type = next((kind for head, kind in KINDS.items() if content.startswith(head)), None)
    if media_type is None or len(content) > LARGEST:
        raise FileNotAllowed
    evidence = Evidence(
        title=title[-TITLE_LENGTH:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        added_at=now,
        added_by=account_id,
    )
    report.evidence.append(evidence)
    db_session.flush()
    record(
        db_session, Audited.EVIDENCE_ADDED, "report", report.id, account_id=account_id, now=now, evidence=evidence.id
    )
    return evidence


def remove_evidence(
    db_session: DbSession, report: Report, evidence: Evidence, *, account_id: int, now: datetime
) -> None:
    """Take a file away again, as long as nobody has accepted the report. Raises StepNotPossible."""
    _require_open(report)
    number = evidence.id
    report.evidence.remove(evidence)
    db_session.flush()
    record(db_session, Audited.EVIDENCE_REMOVED, "report", report.id, account_id=account_id, now=now, evidence=number)


def _require_open(report: Report) -> None:
    if report.stage in (Stage.ACCEPTED, Stage.LOCKED):
        raise StepNotPossible(Step.SAVE, report.stage)
