"""Reporting: what an indicator was in a year, step by step from the first draft to the locked figure (rule 8)."""

from __future__ import annotations

from datetime import datetime

from integration.audit.services import Audited, record
from integration.indicators.errors import NothingReported, StepNotPossible, YearNotOver
from integration.indicators.models import HiddenAs, Provenance, Report, Stage
from integration.indicators.queries import Exact, newest_report
from integration.indicators.rules import FORMULA_VERSION, STEPS, Said, Step, may, percent
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.programme.models import IndicatorKind
from integration.programme.queries import IndicatorOutline

PROVENANCE = {
    IndicatorKind.COMPUTED: Provenance.REPORTED,
    IndicatorKind.REPORTED: Provenance.REPORTED,
    IndicatorKind.MILESTONE: Provenance.REPORTED,
    IndicatorKind.EXTERNAL: Provenance.EXTERNAL,
}
"""Where a figure is from that somebody types, by the indicator's kind."""


def save_report(
    db_session: DbSession,
    indicator: IndicatorOutline,
    year: int,
    said: Said,
    *,
    hand_in: bool,
    account_id: int | None,
    now: datetime,
    provenance: Provenance | None = None,
) -> Report:
    """Keep what was typed as a draft, or hand it in to the council.

    Raises StepNotPossible once the council has accepted it, NothingReported when an empty report is handed in.
    """
    step = Step.REPORT if hand_in else Step.SAVE
    report = newest_report(db_session, indicator.id, year)
    _require(step, report)
    if hand_in and not said.is_something:
        raise NothingReported
    if report is None:
        report = first_revision(indicator.id, year, account_id, now)
        db_session.add(report)
    report.provenance = provenance or PROVENANCE[indicator.kind]
    _write(report, indicator, said)
    _step(db_session, report, step, account_id, now)
    return report


def accept_report(db_session: DbSession, report: Report, *, account_id: int, now: datetime) -> None:
    """The council takes a figure as reported. Raises StepNotPossible."""
    _require(Step.ACCEPT, report)
    _step(db_session, report, Step.ACCEPT, account_id, now)


def send_report_back(db_session: DbSession, report: Report, *, account_id: int, now: datetime) -> None:
    """The council asks the responsible party to look again. Raises StepNotPossible."""
    _require(Step.SEND_BACK, report)
    _step(db_session, report, Step.SEND_BACK, account_id, now)


def lock_figure(
    db_session: DbSession,
    indicator: IndicatorOutline,
    year: int,
    counted: Exact | None,
    *,
    account_id: int,
    now: datetime,
) -> Report:
    """Make a year's figure final. Raises YearNotOver, StepNotPossible, NothingReported.

    A computed figure needs nobody to report it: it is locked as counted, with its formula's version, the moment of
    counting, and the reason why it may not be printed, if there is one. ``counted`` is None for the others, and for a
    year without sessions. What comes in later shows beside it.
    """
    if year >= local_date(now).year:
        raise YearNotOver(year)
    report = newest_report(db_session, indicator.id, year)
    if report is not None and report.stage is Stage.LOCKED:
        raise StepNotPossible(Step.LOCK, report.stage)
    if counted is not None:
        report = as_counted(db_session, report, indicator, year, counted, account_id, now)
    elif report is None or not says(report):
        raise NothingReported
    else:
        _require(Step.LOCK, report)
    _step(db_session, report, Step.LOCK, account_id, now)
    return report


def reopen_figure(db_session: DbSession, report: Report, reason: str, *, account_id: int, now: datetime) -> Report:
    """Open a locked figure again as its next revision; the locked one stays as it was. Raises StepNotPossible."""
    _require(Step.REOPEN, report)
    again = first_revision(report.indicator_id, report.year, account_id, now)
    again.revision, again.reason = report.revision + 1, reason
    for name in ("applies", "value", "numerator", "denominator", "reached_on", "link", "comment", "personal"):
        setattr(again, name, getattr(report, name))
    if report.hidden:  # what may not be shown is not put into a form either; it is counted anew
        again.value = again.numerator = again.denominator = None
    again.provenance = Provenance.REPORTED if report.provenance is Provenance.COMPUTED else report.provenance
    db_session.add(again)
    _step(db_session, again, Step.REOPEN, account_id, now)
    return again


def first_revision(indicator_id: int, year: int, account_id: int | None, now: datetime) -> Report:
    """An empty report of a year."""
    return Report(
        indicator_id=indicator_id,
        year=year,
        revision=1,
        stage=Stage.DRAFT,
        applies=True,
        personal=False,
        opened_at=now,
        opened_by=account_id,
    )


def _write(report: Report, indicator: IndicatorOutline, said: Said) -> None:
    report.applies = said.applies
    report.numerator, report.denominator = said.numerator, said.denominator
    report.value = said.value
    if said.numerator is not None and said.denominator:
        report.value = percent(said.numerator, said.denominator)
    report.reached_on, report.link, report.comment = said.reached_on, said.link or None, said.comment or None
    report.personal = indicator.unit == "persons"
    if not said.applies:
        report.value = report.numerator = report.denominator = report.reached_on = None


def as_counted(
    db_session: DbSession,
    report: Report | None,
    indicator: IndicatorOutline,
    year: int,
    counted: Exact,
    account_id: int,
    now: datetime,
) -> Report:
    """The report of a year, new or old, as its sessions were counted now."""
    if report is None:
        report = first_revision(indicator.id, year, account_id, now)
        db_session.add(report)
    report.provenance = Provenance.COMPUTED
    report.applies, report.value = True, counted.value
    report.numerator, report.denominator = counted.part, counted.of
    report.personal, report.hidden = counted.personal, HiddenAs(counted.hidden) if counted.hidden else None
    report.formula_version, report.cut_off_at = FORMULA_VERSION, now
    return report


def says(report: Report) -> bool:
    """Whether there is a number, a date, or the word that none is expected (rule 4)."""
    return not report.applies or report.value is not None or report.reached_on is not None


def _require(step: Step, report: Report | None) -> None:
    stage = report.stage if report else None
    if not may(step, stage):
        raise StepNotPossible(step, stage)


def _step(db_session: DbSession, report: Report, step: Step, account_id: int | None, now: datetime) -> None:
    mark(report, step, account_id, now)
    db_session.flush()
    trace(db_session, report, step, account_id, now)


def mark(report: Report, step: Step, account_id: int | None, now: datetime) -> None:
    """Move the report on; the step's own time and account are kept beside the stage."""
    report.stage = STEPS[step][1]
    marks = {Step.REPORT: "reported", Step.ACCEPT: "accepted", Step.LOCK: "locked"}
    if step in marks:
        setattr(report, f"{marks[step]}_at", now)
        setattr(report, f"{marks[step]}_by", account_id)


def trace(db_session: DbSession, report: Report, step: Step, account_id: int | None, now: datetime) -> None:
    """Write down the step that was taken; the report has its number by now."""
    record(
        db_session,
        Audited.FIGURE_STEPPED,
        "report",
        report.id,
        account_id=account_id,
        now=now,
        step=step.value,
        indicator=report.indicator_id,
        year=report.year,
        revision=report.revision,
    )
