"""The council's steps over a whole year at once: each in one transaction, with a handful of statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from integration.indicators.errors import NothingReported, YearNotOver
from integration.indicators.models import Report, Stage
from integration.indicators.queries import Exact, reports_of
from integration.indicators.queries.reports import Reports, asked_in
from integration.indicators.rules import Step, may
from integration.indicators.services.reporting import PROVENANCE, as_counted, first_revision, mark, says, trace
from integration.indicators.services.years import close_year_if_final
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.models import Indicator
from integration.programme.queries import IndicatorOutline, ProgrammeOutline


def accept_year(
    db_session: DbSession, programme: ProgrammeOutline, year: int, *, account_id: int, now: datetime
) -> int:
    """Accept everything that was handed in of a year; returns how many figures that were."""
    stepped = [each for each in _newest(db_session, programme.id, year).values() if may(Step.ACCEPT, each.stage)]
    _take(db_session, stepped, Step.ACCEPT, account_id, now)
    return len(stepped)


def lock_year(
    db_session: DbSession,
    programme: ProgrammeOutline,
    year: int,
    counted: Mapping[int, Exact],
    *,
    without: str | None,
    account_id: int,
    now: datetime,
) -> int:
    """Lock what is ready: what is accepted, and what is counted from sessions; returns how many figures that were.

    ``without`` is the council's reason for locking as "not reported" what nobody has handed in; None leaves that
    open. What was handed in is never passed over: it is accepted or sent back first. With the last figure the year is
    closed. Raises YearNotOver, and NothingReported for an empty reason.
    """
    if year >= local_date(now).year:
        raise YearNotOver(year)
    if without is not None and not without.strip():
        raise NothingReported
    newest = _newest(db_session, programme.id, year)
    reports = reports_of(db_session, programme.id, drafts=True)
    stepped = []
    for line in programme.lines:
        for indicator in line.indicators:
            report = newest.get(indicator.id)
            if indicator.id in counted and indicator.applies_in(year) and not _is_locked(report):
                exact = counted[indicator.id]
                stepped.append(as_counted(db_session, report, indicator, year, exact, account_id, now))
            elif report is not None and may(Step.LOCK, report.stage) and says(report):
                stepped.append(report)
            elif without is not None and is_missing(indicator, year, reports):
                stepped.append(_not_reported(report, indicator, year, without.strip(), account_id, now))
    _take(db_session, stepped, Step.LOCK, account_id, now)
    close_year_if_final(db_session, programme, year, account_id=account_id, now=now)
    return len(stepped)


def is_missing(indicator: IndicatorOutline, year: int, reports: Reports) -> bool:
    """Whether a year's figure is asked for and nobody has handed anything in; a draft is not handed in."""
    report = reports.get((indicator.id, year))
    return asked_in(indicator, year, reports) and (report is None or report.stage is Stage.DRAFT)


def _is_locked(report: Report | None) -> bool:
    return report is not None and report.stage is Stage.LOCKED


def _not_reported(
    report: Report | None, indicator: IndicatorOutline, year: int, reason: str, account_id: int, now: datetime
) -> Report:
    """A figure without a number, with the council's word why; a draft stays as the revision that it is."""
    made = first_revision(indicator.id, year, account_id, now)
    made.comment, made.provenance = reason, PROVENANCE[indicator.kind]
    if report is not None:
        made.revision, made.reason = report.revision + 1, reason
    return made


def _newest(db_session: DbSession, programme_id: int, year: int) -> dict[int, Report]:
    """Indicator id > the revision that holds, locked against a second writer where the database can."""
    rows = db_session.scalars(
        sa.select(Report)
        .join(Indicator, Indicator.id == Report.indicator_id)
        .where(Indicator.programme_id == programme_id, Report.year == year)
        .order_by(Report.revision)
        .with_for_update(of=Report)
    )
    return {each.indicator_id: each for each in rows}


def _take(db_session: DbSession, reports: list[Report], step: Step, account_id: int, now: datetime) -> None:
    for report in reports:
        mark(report, step, account_id, now)
    db_session.add_all(reports)
    db_session.flush()
    for report in reports:
        trace(db_session, report, step, account_id, now)
