"""Assessing an action's year (rule 9)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integration.audit.services import Audited, record
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.programme.queries import ActionOutline, ProgrammeOutline
from integration.report.models import Assessment
from integration.report.rules import Judgement


def assess(
    db_session: DbSession,
    programme: ProgrammeOutline,
    action: ActionOutline,
    year: int,
    judgement: Judgement,
    *,
    decides: bool,
    account_id: int,
    now: datetime,
) -> Assessment:
    """Keep the owner's word and, from those who decide, the council's too. Raises NotFound for an unknown action."""
    assessment = db_session.scalar(
        sa.select(Assessment).where(Assessment.action_id == action.id, Assessment.year == year).with_for_update()
    )
    if assessment is None:
        assessment = Assessment(action_id=action.id, year=year, owner_comment={}, effect={}, next_step_text={})
        db_session.add(assessment)
    assessment.status, assessment.owner_comment = judgement.status, judgement.owner_comment
    if decides:
        _decide(assessment, programme, judgement, account_id, now)
    assessment.changed_at, assessment.changed_by = now, account_id
    db_session.flush()
    record(
        db_session,
        Audited.ASSESSMENT_SAVED,
        "assessment",
        assessment.id,
        account_id=account_id,
        now=now,
        of=action.id,
        year=year,
        next_step=judgement.next_step,
    )
    return assessment


def _decide(
    assessment: Assessment, programme: ProgrammeOutline, judgement: Judgement, account_id: int, now: datetime
) -> None:
    merged = None
    if judgement.merge_into is not None:
        merged = next((each.id for each in programme.actions if each.slug == judgement.merge_into), None)
        if merged is None or merged == assessment.action_id:
            raise NotFound
    assessment.effect = judgement.effect
    assessment.next_step, assessment.merge_into_id = judgement.next_step, merged
    assessment.next_step_text, assessment.meter_verdict = judgement.next_step_text, judgement.meter_verdict
    if judgement.next_step is not None:
        assessment.decided_at, assessment.decided_by = now, account_id
