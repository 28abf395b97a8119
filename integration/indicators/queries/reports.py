"""What has been reported of a programme's indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from integration.indicators.models import ClosedYear, Evidence, Report, Stage
from integration.indicators.rules.cycle import Reported
from integration.indicators.rules.figures import why_hidden
from integration.indicators.rules.small_figures import Cell, Standing, cell
from integration.kernel.clock import local_date
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.programme.models import Indicator, IndicatorKind
from integration.programme.queries import IndicatorOutline

Reports = Mapping[tuple[int, int], Reported]
"""Indicator id and year > what holds."""

_COLUMNS = (
    *("id", "indicator_id", "year", "revision", "stage", "provenance", "applies", "value"),
    *("numerator", "denominator", "reached_on", "link", "comment", "personal", "hidden", "cut_off_at"),
)


def _of_a_programme() -> Any:
    programme, drafts = sa.bindparam("programme", type_=sa.Integer), sa.bindparam("drafts", type_=sa.Boolean)
    return (
        sa.select(*(getattr(Report, name) for name in _COLUMNS))
        .join(Indicator, Indicator.id == Report.indicator_id)
        .where(Indicator.programme_id == programme, sa.or_(drafts, Report.stage != Stage.DRAFT))
        .order_by(Report.revision)
    )


_OF_A_PROGRAMME = _of_a_programme()


def reports_of(db_session: DbSession, programme_id: int, *, drafts: bool) -> dict[tuple[int, int], Reported]:
    """The newest revision per indicator and year; without drafts, the newest that was handed in. One statement."""
    rows = db_session.connection().execute(_OF_A_PROGRAMME, {"programme": programme_id, "drafts": drafts})
    return {(row.indicator_id, row.year): _reported(row) for row in rows}


def report_for(reports: Reports, indicator: IndicatorOutline, year: int) -> Reported | None:
    """What holds for a year; a milestone that was reached once stays reached."""
    own = reports.get((indicator.id, year))
    if own is not None or indicator.kind is not IndicatorKind.MILESTONE or indicator.yearly:
        return own
    reached = (
        each
        for (indicator_id, _year), each in reports.items()
        if indicator_id == indicator.id and each.reached_on is not None and each.reached_on.year <= year
    )
    return next(reached, None)


def asked_in(indicator: IndicatorOutline, year: int, reports: Reports) -> bool:
    """Whether a year is over only when this figure is locked: a milestone reached once is asked for when it is due."""
    if not indicator.applies_in(year):
        return False
    if (indicator.id, year) in reports or indicator.due_year is None or indicator.yearly:
        return True
    return year >= indicator.due_year and report_for(reports, indicator, year) is None


def newest_report(db_session: DbSession, indicator_id: int, year: int) -> Report | None:
    """The revision that holds, drafts included; locked against a second writer where the database can."""
    return db_session.scalar(
        sa.select(Report)
        .where(Report.indicator_id == indicator_id, Report.year == year)
        .order_by(Report.revision.desc())
        .limit(1)
        .with_for_update()
    )


def revisions(db_session: DbSession, indicator_id: int, year: int) -> list[Report]:
    """Everything that was ever said of an indicator's year, the newest first."""
    return list(
        db_session.scalars(
            sa.select(Report)
            .where(Report.indicator_id == indicator_id, Report.year == year)
            .order_by(Report.revision.desc())
        )
    )


def as_printed(indicator: IndicatorOutline, report: Report) -> Cell:
    """What one revision says, or why it is not shown."""
    why = why_hidden(indicator, _reported(report))
    return Cell(None, why) if why else cell(report.value)


def evidence_by_id(db_session: DbSession, evidence_id: int) -> tuple[Evidence, Report]:
    """A file and the report that it belongs to; raises NotFound."""
    found = db_session.execute(
        sa.select(Evidence, Report).join(Report, Report.id == Evidence.report_id).where(Evidence.id == evidence_id)
    ).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


def closed_years(db_session: DbSession, programme_id: int) -> frozenset[int]:
    """The years of a programme whose figures are all final and whose visitor keys are gone."""
    return frozenset(db_session.scalars(sa.select(ClosedYear.year).where(ClosedYear.programme_id == programme_id)))


def _reported(row: Any) -> Reported:
    return Reported(
        id=row.id,
        revision=row.revision,
        stage=row.stage,
        provenance=row.provenance,
        applies=row.applies,
        value=row.value,
        part=row.numerator,
        of=row.denominator,
        reached_on=row.reached_on,
        link=row.link,
        comment=row.comment,
        personal=row.personal,
        cut_off_on=local_date(row.cut_off_at) if row.cut_off_at else None,
        hidden=Standing(row.hidden) if row.hidden else None,
    )
