"""What a meter line's page says of imported figures: where they are from, and totals that stand beside sessions."""

from __future__ import annotations

from dataclasses import dataclass

from integration.history.queries import Origin, origins_of_reports, origins_of_sessions
from integration.indicators.models import WHOLE_PROGRAMME, Provenance
from integration.indicators.queries import ProgrammeFigures, counts_for
from integration.indicators.rules import Figure
from integration.kernel.database import DbSession
from integration.programme.queries import ActionOutline, IndicatorOutline, LineOutline
from integration.report.routes.words import quantity


@dataclass(frozen=True, slots=True)
class Aside:
    """A yearly total that was imported for a year whose sessions are counted: they differ, and the sessions count."""

    year: int
    total: str
    counted: str
    difference: str


def origins_of(
    db_session: DbSession,
    programme_id: int,
    action: ActionOutline,
    line: LineOutline,
    figures: ProgrammeFigures,
    year: int,
) -> list[Origin]:
    """The spreadsheets behind a line's figures of a year; at most two statements, mostly one or none."""
    found: list[Origin] = []
    counting = counts_for(line)
    if counting is not None and _counts_imported(figures, line, year):
        place = WHOLE_PROGRAMME if counting.whole_programme else action.id
        found += origins_of_sessions(db_session, programme_id, place, year)
    reports = {
        each.report.id
        for indicator in line.indicators
        for each in figures.of(indicator)
        if each.year == year and each.report is not None and each.report.provenance is Provenance.IMPORTED
    }
    return found + origins_of_reports(db_session, reports)


def asides_of(line: LineOutline, figures: ProgrammeFigures) -> list[Aside]:
    """Where a line's imported totals say something else than its sessions count; never of a hidden figure."""
    return [
        _aside(each, indicator, each.value, each.report.value)
        for indicator in line.indicators
        for each in figures.of(indicator)
        if each.report is not None
        and each.report.provenance is Provenance.IMPORTED
        and each.provenance is Provenance.COMPUTED
        and each.value is not None
        and each.report.value is not None
        and each.value != each.report.value
        and not each.report.personal
    ]


def _aside(figure: Figure, indicator: IndicatorOutline, counted: int, total: int) -> Aside:
    unit = indicator.unit
    return Aside(figure.year, quantity(total, unit), quantity(counted, unit), quantity(abs(total - counted), unit))


def _counts_imported(figures: ProgrammeFigures, line: LineOutline, year: int) -> bool:
    """Whether visits of this year may be imported: where the mix of sources is hidden, nobody is told."""
    rows = figures.rows.get(line.id, ())
    mixes = (row.sources for row in rows if row.year == year)
    return any(name == "imported" and count for mix in mixes if mix for name, count in mix)
