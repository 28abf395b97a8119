"""The dashboard: a whole programme at a glance, every meter line with its state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.queries import ProgrammeFigures
from integration.indicators.rules import Figure, State, line_state, percent_gone
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.models import IndicatorKind
from integration.programme.queries import (
    ActionOutline,
    DomainOutline,
    GoalOutline,
    LineOutline,
    ProgrammeOutline,
    current_programme,
)
from integration.report.routes.blueprint import blueprint
from integration.report.routes.charts import ChartTarget, ChartYear, drawing_of, series_of, target_of
from integration.report.routes.course import detail_of
from integration.report.routes.filters import CHOICES, Filters, asked_filters
from integration.report.routes.keeping import Sight, sight_of
from integration.report.routes.reading import writes_programme
from integration.report.routes.words import STATES, cell_text, target_text
from integration.web.access import public


@dataclass(frozen=True, slots=True)
class LineView:
    """One meter line as the dashboard shows it."""

    label: str
    title: Localized
    meter: Localized
    url: str
    owner: Markup
    mark: str
    drawing: str
    series: tuple[ChartYear, ...]
    target: ChartTarget | None
    aim: str
    state: State
    detail: str
    has_figures_to_reach: bool


@dataclass(frozen=True, slots=True)
class DomainView:
    """A domain with its goals and lines."""

    mark: str
    name: Localized
    url: str
    anchor: str
    goals: list[tuple[Localized, list[LineView]]]
    states: tuple[tuple[State, str], ...]


@blueprint.get("/<language:language>/programmes/")
@public
def programmes() -> Response:
    """Send the reader to the programme of this year."""
    programme = current_programme(db.session(), local_date(utc_now()))
    if programme is None:
        raise NotFound
    return redirect(url_for("report.programme", programme=programme.slug))


@blueprint.get("/<language:language>/programmes/<programme>")
@public
def programme(programme: str) -> str | bytes:
    """Every domain, goal, action and meter line with its four years and its state; fewer where fewer are asked for."""
    sight = sight_of(programme)
    return sight.page(CHOICES, partial(_written, sight))


def _written(sight: Sight) -> str:
    outline, today, figures = sight.outline, sight.today, sight.figures
    filters, lists = asked_filters(outline, state_year(outline, today), today)
    domains = _domains(sight, figures, filters)
    return render_template(
        "report/programme.html",
        programme=outline,
        filters=filters,
        choices=lists,
        years=[(year, str(_("in progress")) if year == today.year else "") for year in outline.years],
        totals=_totals(figures),
        tells_least=figures.tells_least,
        today=today,
        gone=percent_gone(today.year, today) if today.year in outline.years else None,
        council=sight.council,
        writes=writes_programme(),
        form=FlaskForm() if outline.draft else None,
        **_shown(domains, filters),
    )


def _shown(domains: list[DomainView], filters: Filters) -> dict[str, Any]:
    """The horizon shows every domain; below it stand those that have something of what is asked for."""
    lines = [line for domain in domains for _title, group in domain.goals for line in group]
    tally = Counter(line.state for line in lines)
    return {
        "domains": domains,
        "sections": [domain for domain in domains if domain.states or not filters.narrows],
        "lines": lines,
        "tiles": [line for line in lines if line.has_figures_to_reach],
        "tally": [(state, tally[state], filters.url(state=state)) for state in STATES if tally[state]],
    }


def state_year(outline: ProgrammeOutline, today: date) -> int:
    """The year whose states are shown: this one while the programme runs."""
    return min(max(today.year, outline.first_year), outline.last_year)


def owners(action: ActionOutline, on: date) -> Markup:
    """Who answers for an action on this date."""
    return Markup(", ").join(localize(each.name, current_code()) for each in action.responsible(on))


def title_of(action: ActionOutline, line: LineOutline) -> Localized:
    """What a line is called: its action, or its own measure where the action has several lines."""
    texts = action.title if len(action.lines) == 1 else line.main.title
    return localize(texts, current_code())


def _domains(sight: Sight, figures: ProgrammeFigures, filters: Filters) -> list[DomainView]:
    return [_domain(sight, figures, domain, filters) for domain in sight.outline.domains]


def _domain(sight: Sight, figures: ProgrammeFigures, domain: DomainOutline, filters: Filters) -> DomainView:
    goals = [
        (localize(goal.title, current_code()), _lines(sight, figures, domain, goal, filters)) for goal in domain.goals
    ]
    return DomainView(
        mark=domain.mark,
        name=localize(domain.title, current_code()),
        url=filters.url(domain=domain.slug) if filters.narrows else f"#{domain.slug}",
        anchor=domain.slug,
        goals=[(title, lines) for title, lines in goals if lines or not filters.narrows],
        states=tuple((line.state, str(line.title)) for _title, lines in goals for line in lines),
    )


def _lines(
    sight: Sight, figures: ProgrammeFigures, domain: DomainOutline, goal: GoalOutline, filters: Filters
) -> list[LineView]:
    found = (
        _kept_line(sight, figures.of(line.main), domain, action, line, filters)
        for action in goal.actions
        for line in action.lines
        if filters.wants(domain, action, line)
    )
    return [line for line in found if filters.wants_state(line.state)]


def _kept_line(
    sight: Sight,
    years: tuple[Figure, ...],
    domain: DomainOutline,
    action: ActionOutline,
    line: LineOutline,
    filters: Filters,
) -> LineView:
    """A scan moves a line or two of sixty."""
    make = partial(_line, sight.outline, years, domain, action, line, filters)
    return sight.part(("line", line.id, filters.year), years, make)


def _line(
    outline: ProgrammeOutline,
    years: tuple[Figure, ...],
    domain: DomainOutline,
    action: ActionOutline,
    line: LineOutline,
    filters: Filters,
) -> LineView:
    main = line.main
    shown = line_state(years, filters.year)
    aim = main.target_in(shown.year) if main.kind is not IndicatorKind.MILESTONE else None
    return LineView(
        label=line.label,
        title=title_of(action, line),
        meter=localize(line.text, current_code()),
        url=url_for("report.indicator", programme=outline.slug, indicator=line.slug),
        owner=owners(action, filters.on),
        mark=domain.mark,
        drawing=drawing_of(main),
        series=tuple(series_of(years, main)),
        target=target_of(years, main),
        aim=target_text(aim) if aim else "",
        state=shown.state,
        detail=detail_of(shown, main),
        has_figures_to_reach=aim is not None,
    )


def _totals(figures: ProgrammeFigures) -> list[list[str]]:
    return [[str(row.year), *map(cell_text, (row.held, row.visits, row.persons))] for row in figures.totals]
