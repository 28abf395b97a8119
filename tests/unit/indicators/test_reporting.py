"""A year's figure on its way from draft to locked, and what a closed year leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from integration.audit.models import AuditEntry
from integration.checkin.events import AttendanceChanged
from integration.checkin.models import Attendance
from integration.indicators.errors import FileNotAllowed, NothingReported, StepNotPossible, YearNotOver
from integration.indicators.models import ClosedYear, FoldedPersons, FoldedVisitor, Provenance, Report, Stage
from integration.indicators.queries import exact_figures, newest_report, programme_figures
from integration.indicators.rules import Figure, Said, Standing, State
from integration.indicators.services import (
    accept_report,
    add_evidence,
    clear_old_keys,
    close_year_if_final,
    fold_due,
    lock_figure,
    rebuild,
    reopen_figure,
    save_report,
    send_report_back,
    unfold,
)
from integration.kernel.database import DbSession
from integration.programme.models import Indicator, IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.queries import IndicatorOutline, ProgrammeOutline, programme_outline
from tests.factories.activities import make_activity, make_session
from tests.factories.figures import (
    close,
    computed,
    indicator,
    make_action,
    make_attendance,
    make_line,
    make_programme,
    serve,
    target,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
OWNER, COUNCIL = 4, 5


def outline_with(db_session: DbSession, *indicators: Indicator) -> tuple[ProgrammeOutline, list[IndicatorOutline]]:
    """A programme whose one line has these indicators."""
    programme = make_programme(db_session)
    make_line(db_session, make_action(db_session, programme), *indicators)
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    return outline, list(outline.lines[0].indicators)


def figure(db_session: DbSession, outline: ProgrammeOutline, number: int, year: int, *, council: bool = True) -> Figure:
    """The figure of one of the line's indicators in one year."""
    figures = programme_figures(db_session, outline, TODAY, council=council)
    one = outline.lines[0].indicators[number]
    return next(each for each in figures.of(one) if each.year == year)


def reported(db_session: DbSession, one: IndicatorOutline, year: int, **said: Any) -> Report:
    """Hand in a report."""
    return save_report(
        db_session,
        one,
        year,
        Said(**said),
        hand_in=True,
        account_id=OWNER,
        now=NOW,
    )


def test_zero_not_reported_and_not_applicable_are_three_states(db_session: DbSession) -> None:
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED))
    assert figure(db_session, outline, 0, 2024).standing is Standing.MISSING
    reported(db_session, one, 2024, value=0)
    reported(db_session, one, 2025, applies=False, comment="Projektet hade inte börjat.")
    assert figure(db_session, outline, 0, 2024).standing is Standing.ZERO
    assert figure(db_session, outline, 0, 2024).provenance is Provenance.REPORTED
    assert (figure(db_session, outline, 0, 2025).standing, figure(db_session, outline, 0, 2025).state) == (
        Standing.NA,
        State.NA,
    )


def test_a_draft_is_the_councils_alone(db_session: DbSession) -> None:
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED))
    save_report(db_session, one, 2024, Said(value=41), hand_in=False, account_id=OWNER, now=NOW)
    assert figure(db_session, outline, 0, 2024).value == 41
    assert figure(db_session, outline, 0, 2024, council=False).standing is Standing.MISSING


def test_a_share_says_of_how_many(db_session: DbSession) -> None:
    aim = target(TargetForm.MINIMUM, TargetPeriod.YEAR, 60)
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED, aim, unit="share"))
    reported(db_session, one, 2024, numerator=31, denominator=50)
    found = figure(db_session, outline, 0, 2024)
    assert (found.value, found.of, found.state) == (62, 50, State.MET)


def test_persons_that_were_reported_are_as_small_as_those_that_were_counted(db_session: DbSession) -> None:
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED, unit="persons"))
    reported(db_session, one, 2024, value=3)
    assert figure(db_session, outline, 0, 2024).standing is Standing.SUPPRESSED


def test_a_milestone_that_was_reached_stays_reached(db_session: DbSession) -> None:
    due = target(TargetForm.EXACT, TargetPeriod.ONCE, 1, year=2025)
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.MILESTONE, due))
    reported(db_session, one, 2024, reached_on=date(2024, 5, 2), link="https://example.org/minutes")
    states = [figure(db_session, outline, 0, year).state for year in (2023, 2024, 2025, 2026)]
    assert states == [State.AHEAD, State.MET, State.MET, State.MET]


def test_every_step_has_its_place(db_session: DbSession) -> None:
    _outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED))
    with pytest.raises(NothingReported):
        reported(db_session, one, 2024)
    report = reported(db_session, one, 2024, value=7)
    with pytest.raises(StepNotPossible):
        lock_figure(db_session, one, 2024, None, account_id=COUNCIL, now=NOW)
    send_report_back(db_session, report, account_id=COUNCIL, now=NOW)
    assert report.stage is Stage.DRAFT
    reported(db_session, one, 2024, value=8)
    accept_report(db_session, report, account_id=COUNCIL, now=NOW)
    with pytest.raises(StepNotPossible):
        reported(db_session, one, 2024, value=9)
    lock_figure(db_session, one, 2024, None, account_id=COUNCIL, now=NOW)
    assert (report.stage, report.value, report.locked_by) == (Stage.LOCKED, 8, COUNCIL)
    with pytest.raises(StepNotPossible):
        lock_figure(db_session, one, 2024, None, account_id=COUNCIL, now=NOW)
    steps = [
        each.facts["step"]
        for each in db_session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        if each.action == "indicators.figure_stepped"
    ]
    assert steps == ["report", "send_back", "report", "accept", "lock"]


def test_a_year_is_locked_when_it_is_over(db_session: DbSession) -> None:
    _outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED))
    accept_report(db_session, reported(db_session, one, 2026, value=1), account_id=COUNCIL, now=NOW)
    with pytest.raises(YearNotOver):
        lock_figure(db_session, one, 2026, None, account_id=COUNCIL, now=NOW)


def test_reopening_makes_a_new_revision_and_keeps_the_old(db_session: DbSession) -> None:
    outline, (one,) = outline_with(db_session, indicator(IndicatorKind.REPORTED))
    first = reported(db_session, one, 2024, value=41)
    accept_report(db_session, first, account_id=COUNCIL, now=NOW)
    lock_figure(db_session, one, 2024, None, account_id=COUNCIL, now=NOW)
    again = reopen_figure(db_session, first, "Två möten saknades.", account_id=COUNCIL, now=NOW)
    assert (first.value, first.stage, again.revision, again.stage) == (41, Stage.LOCKED, 2, Stage.DRAFT)
    assert figure(db_session, outline, 0, 2024, council=False).value == 41
    reported(db_session, one, 2024, value=43)
    assert newest_report(db_session, one.id, 2024) is again
    assert figure(db_session, outline, 0, 2024, council=False).value == 43
    assert first.value == 41


def test_only_harmless_files_are_evidence(db_session: DbSession) -> None:
    _outline, (one,) = outline_with(db_session, indicator(IndicatorKind.MILESTONE))
    report = reported(db_session, one, 2024, reached_on=date(2024, 1, 1))
    kept = add_evidence(db_session, report, "protokoll.pdf", b"%PDF-1.7 ...", account_id=OWNER, now=NOW)
    assert (kept.media_type, kept.size) == ("application/pdf", 12)
    for content in (b"<html>", b"%PDF-" + b"x" * 6_000_000, b""):
        with pytest.raises(FileNotAllowed):
            add_evidence(db_session, report, "x", content, account_id=OWNER, now=NOW)


def counted_year(db_session: DbSession) -> tuple[ProgrammeOutline, Attendance]:
    """A programme in which 7 visits by one card of 5 and one of 2 were counted in June 2025, folded."""
    programme = make_programme(db_session)
    action = make_action(db_session, programme)
    make_line(db_session, action, computed(Measure.VISITS), computed(Measure.UNIQUE))
    activity = make_activity(db_session)
    serve(db_session, activity, action)
    session = make_session(db_session, activity=activity, starts_at=datetime(2025, 6, 3, 15, tzinfo=UTC))
    first = make_attendance(db_session, session, "card one", 5)
    make_attendance(db_session, session, "card two", 2)
    close(db_session, session)
    fold_due(db_session, NOW)
    fold_due(db_session, NOW)
    outline = programme_outline(db_session, programme.id)
    assert outline is not None
    return outline, first


def lock_all(db_session: DbSession, outline: ProgrammeOutline, years: range) -> None:
    """Lock every figure of these years as counted; years without sessions do not apply."""
    for year in years:
        exact = exact_figures(db_session, outline, year, TODAY)
        for one in outline.lines[0].indicators:
            if one.id not in exact:
                accept_report(db_session, reported(db_session, one, year, applies=False), account_id=COUNCIL, now=NOW)
            lock_figure(db_session, one, year, exact.get(one.id), account_id=COUNCIL, now=NOW)


def test_a_locked_figure_keeps_its_value_and_says_what_it_would_be_now(db_session: DbSession) -> None:
    outline, attendance = counted_year(db_session)
    lock_all(db_session, outline, range(2025, 2026))
    attendance.arrived_adults = 7
    db_session.flush()
    unfold(db_session, AttendanceChanged(attendance.session_id, NOW))
    visits, persons = (figure(db_session, outline, number, 2025) for number in (0, 1))
    assert (visits.value, visits.now, visits.provenance) == (7, 9, Provenance.COMPUTED)
    assert (persons.value, persons.now) == (7, None)
    report = newest_report(db_session, outline.lines[0].indicators[0].id, 2025)
    assert report is not None
    assert (report.formula_version, report.cut_off_at) == (1, NOW)


def test_a_closed_year_has_no_keys_and_its_persons_stay(db_session: DbSession) -> None:
    outline, attendance = counted_year(db_session)
    lock_all(db_session, outline, range(2025, 2026))
    assert close_year_if_final(db_session, outline, 2025, account_id=COUNCIL, now=NOW)
    keys = list(db_session.scalars(sa.select(Attendance.visitor_key)))
    assert len(set(keys)) == 2
    assert all(key is not None and key.startswith("-") for key in keys)
    assert db_session.scalar(sa.select(sa.func.count()).select_from(FoldedVisitor)) == 0
    unfold(db_session, AttendanceChanged(attendance.session_id, NOW))
    fold_due(db_session, NOW)
    fold_due(db_session, NOW)
    rebuild(db_session, NOW)
    persons = set(db_session.scalars(sa.select(FoldedPersons.adults)))
    assert persons == {7}
    assert [figure(db_session, outline, number, 2025).value for number in (0, 1)] == [7, 7]


def test_a_year_with_a_figure_to_come_is_not_closed(db_session: DbSession) -> None:
    outline, _attendance = counted_year(db_session)
    first = outline.lines[0].indicators[0]
    exact = exact_figures(db_session, outline, 2025, TODAY)
    lock_figure(db_session, first, 2025, exact[first.id], account_id=COUNCIL, now=NOW)
    assert not close_year_if_final(db_session, outline, 2025, account_id=COUNCIL, now=NOW)
    assert db_session.scalars(sa.select(FoldedVisitor)).first() is not None


def test_keys_go_after_eighteen_months_locked_or_not(db_session: DbSession) -> None:
    outline, attendance = counted_year(db_session)
    clear_old_keys(db_session, datetime(2027, 6, 30, 12, tzinfo=UTC))
    db_session.refresh(attendance)
    assert attendance.visitor_key == "card one"
    clear_old_keys(db_session, datetime(2027, 7, 1, 12, tzinfo=UTC))
    db_session.refresh(attendance)
    assert attendance.visitor_key is not None
    assert attendance.visitor_key.startswith("-")
    closed = db_session.get(ClosedYear, (outline.id, 2025))
    assert closed is not None
    assert not closed.in_time
