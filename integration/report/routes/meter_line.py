"""One meter line: its indicators over the years, how they are counted, and the sessions behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.queries import (
    ProgrammeFigures,
    SessionsBehind,
    counts_for,
    programme_figures,
    sessions_behind,
)
from integration.indicators.rules import Figure, Standing, YearRow, line_state
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import DbSession
from integration.kernel.errors import NotFound
from integration.programme.models import IndicatorKind, Measure
from integration.programme.queries import (
    ActionOutline,
    DomainOutline,
    GoalOutline,
    IndicatorOutline,
    LineOutline,
    ProgrammeOutline,
)
from integration.programme.queries.lineage import relatives_of
from integration.report.queries import told_persons
from integration.report.routes.blueprint import blueprint
from integration.report.routes.charts import (
    ChartTarget,
    ChartYear,
    cells_of,
    drawing_of,
    series_of,
    target_of,
)
from integration.report.routes.course import detail_of
from integration.report.routes.dashboard import owners, state_year, title_of
from integration.report.routes.imported import asides_of, origins_of
from integration.report.routes.reading import may_import, outline_of, reading_session, sees_drafts
from integration.report.routes.words import (
    bounds_text,
    cell_text,
    figure_text,
    kind_word,
    measure_text,
    quantity,
    target_text,
)
from integration.web.access import public


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in its programme."""

    domain: DomainOutline
    goal: GoalOutline
    action: ActionOutline
    line: LineOutline


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator of the line."""

    slug: str
    title: Localized
    drawing: str
    series: list[ChartYear]
    big: list[ChartYear]
    target: ChartTarget | None
    aim: str
    expected: int | None
    planned: int | None
    measure: str
    origin: tuple[str, str]
    reading: Localized | None
    computed: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """Visits and people of the line's sessions, year by year."""

    visits: list[ChartYear]
    persons: list[ChartYear]
    sources: list[dict[str, Any]]
    tied: int | None
    tied_year: int
    table: list[tuple[YearRow, list[str]]]


@blueprint.get("/<language:language>/programmes/<programme>/indicators/<indicator>")
@public
def indicator(programme: str, indicator: str) -> Response | str:
    """One line with all its indicators; an indicator's own address leads to its place on the page."""
    today, council = local_date(utc_now()), sees_drafts()
    db_session = reading_session()
    outline = outline_of(db_session, programme)
    place = _place(outline, indicator)
    if place.line.slug != indicator:
        return redirect(url_for("report.indicator", programme=programme, indicator=place.line.slug, _anchor=indicator))
    figures = _figures(db_session, outline, place, today, council=council)
    shown = line_state(figures.of(place.line.main), state_year(outline, today))
    year = _asked_year(outline, shown.year)
    origins = origins_of(db_session, outline.id, place.action, place.line, figures, year)
    return render_template(
        "report/indicator.html",
        programme=outline,
        place=place,
        shown=shown,
        year=year,
        sessions=_sessions(db_session, outline, place, year),
        origins=origins,
        asides=asides_of(place.line, figures),
        imports=may_import(),
        relatives=relatives_of(db_session, place.action.id, place.line.slug, drafts=council),
        now=utc_now(),
        council=council,
        kind_word=kind_word,
        **_pictures(figures, place, shown),
    )


def _figures(
    db_session: DbSession, outline: ProgrammeOutline, place: Place, today: date, *, council: bool
) -> ProgrammeFigures:
    told = told_persons(db_session, outline.id)
    return programme_figures(db_session, outline, today, council=council, lines=(place.line,), told=told)


def _pictures(figures: ProgrammeFigures, place: Place, shown: Figure) -> dict[str, Any]:
    """What the page says and draws of the line's figures."""
    main = place.line.main
    return {
        "title": title_of(place.action, place.line),
        "owner": owners(place.action, figures.today),
        "main": _indicator(figures, main),
        "others": [_indicator(figures, each) for each in _others(place.line)],
        "shown_as": _shown_as(place.line),
        "detail": detail_of(shown, main),
        "rows": _rows(figures, place.line),
        "table": _table(figures, place.line),
        "tells_least": _tells_least(figures, place.line),
    }


def _place(outline: ProgrammeOutline, slug: str) -> Place:
    """The line with this slug, else the one that has an indicator with it; raise NotFound."""
    places = [
        Place(domain, goal, action, line)
        for domain in outline.domains
        for goal in domain.goals
        for action in goal.actions
        for line in action.lines
    ]
    of_line = (each for each in places if each.line.slug == slug)
    of_indicator = (each for each in places if any(one.slug == slug for one in each.line.indicators))
    found = next(of_line, None) or next(of_indicator, None)
    if found is None:
        raise NotFound
    return found


def _asked_year(outline: ProgrammeOutline, otherwise: int) -> int:
    asked = request.args.get("year", "")
    years = {str(year): year for year in outline.years}
    return years.get(asked, otherwise)


def _indicator(figures: ProgrammeFigures, indicator: IndicatorOutline) -> IndicatorView:
    years = figures.of(indicator)
    running = next((each for each in years if each.standing is Standing.RUNNING), None)
    aim = indicator.target_in(running.year if running else years[-1].year)
    return IndicatorView(
        slug=indicator.slug,
        title=localize(indicator.title, current_code()),
        drawing=drawing_of(indicator),
        series=series_of(years, indicator),
        big=series_of(years, indicator, big=True),
        target=target_of(years, indicator),
        aim=target_text(aim) if aim and indicator.kind is not IndicatorKind.MILESTONE else "",
        expected=running.expected if running else None,
        planned=running.planned if running else None,
        measure=measure_text(indicator.measure),
        origin=_origin(indicator),
        reading=localize(indicator.reading, current_code()) if indicator.reading else None,
        computed=indicator.kind is IndicatorKind.COMPUTED,
    )


def _shown_as(line: LineOutline) -> dict[str, str]:
    """The measures that have a picture of their own on the page > the slug of the indicator that asks for them."""
    counting = counts_for(line)
    return {
        each.measure: each.slug
        for each in line.indicators[1:]
        if counting and each.measure in (Measure.VISITS, Measure.UNIQUE) and _same_sessions(each, counting)
    }


def _same_sessions(one: IndicatorOutline, other: IndicatorOutline) -> bool:
    return (one.kinds, one.audiences, one.whole_programme) == (other.kinds, other.audiences, other.whole_programme)


def _others(line: LineOutline) -> list[IndicatorOutline]:
    shown = _shown_as(line).values()
    return [each for each in line.indicators[1:] if each.slug not in shown]


def _origin(indicator: IndicatorOutline) -> tuple[str, str]:
    """How an indicator's figures come about, in words and as an icon."""
    words = {
        IndicatorKind.COMPUTED: (_("counted from those who came to the sessions"), "scan"),
        IndicatorKind.REPORTED: (_("reported by the responsible party"), "edit"),
        IndicatorKind.MILESTONE: (_("a milestone with date and evidence"), "flagdoc"),
        IndicatorKind.EXTERNAL: (_("statistics kept by others"), "ext"),
    }
    text, icon = words[indicator.kind]
    return str(text), icon


def _rows(figures: ProgrammeFigures, line: LineOutline) -> RowView | None:
    rows = figures.rows.get(line.id)
    if not rows:
        return None
    tied = next((row for row in reversed(rows) if row.tied.value is not None), None)
    return RowView(
        visits=cells_of([(row.year, row.visits) for row in rows]),
        persons=cells_of([(row.year, row.persons) for row in rows]),
        sources=[
            {"year": row.year, "total": row.visits.value, "text": cell_text(row.visits), "parts": list(row.sources)}
            for row in reversed(rows)
            if row.sources and row.visits.value
        ],
        tied=tied.tied.value if tied else None,
        tied_year=tied.year if tied else rows[-1].year,
        table=[(row, _row_texts(row)) for row in rows],
    )


def _row_texts(row: YearRow) -> list[str]:
    shares, plain = (row.tied, row.support), (row.visits, row.persons, row.children, row.partners)
    tied, support = (cell_text(each, "share") for each in shares)
    visits, persons, children, partners = (cell_text(each) for each in plain)
    return [each or str(_("not yet")) for each in (visits, persons, tied, children, partners, support)]


def _table(figures: ProgrammeFigures, line: LineOutline) -> list[tuple[Figure, str, str]]:
    """Per year: the figure, its target and its value in words; a locked one with what it would be now."""
    return [(each, _aim_of(each, line.main), _value_of(each, line.main)) for each in figures.of(line.main)]


def _tells_least(figures: ProgrammeFigures, line: LineOutline) -> bool:
    cells = [each.cell for indicator in line.indicators for each in figures.of(indicator)]
    cells += [cell for row in figures.rows.get(line.id, ()) for cell in (row.visits, row.partners)]
    return any(cell.least is not None for cell in cells)


def _value_of(figure: Figure, indicator: IndicatorOutline) -> str:
    text = figure_text(figure, indicator)
    if figure.now is None:
        return text
    return str(_("now %(now)s, reported %(value)s", now=quantity(figure.now, indicator.unit), value=text))


def _aim_of(figure: Figure, indicator: IndicatorOutline) -> str:
    aim = indicator.target_in(figure.year)
    if figure.bounds is None or aim is None:
        return "–"
    return bounds_text(figure.bounds.lower, figure.bounds.upper, aim.form)


def _sessions(db_session: DbSession, outline: ProgrammeOutline, place: Place, year: int) -> SessionsBehind | None:
    """The sessions of the line's first computed indicator; None when it has none."""
    counting = counts_for(place.line)
    if counting is None:
        return None
    return sessions_behind(db_session, place.action, counting, outline.id, year)
