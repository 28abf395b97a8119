"""The dashboard: a whole programme at a glance, every meter line with its state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response

from integration.i18n.routing import current_code
from integration.i18n.texts import Localized, localize
from integration.indicators.queries import ProgrammeFigures, programme_figures
from integration.indicators.rules import Figure, State, line_state, percent_gone
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.kernel.errors import NotFound
from integration.programme.models import IndicatorKind
from integration.programme.queries import (
    ActionOutline,
    DomainOutline,
    LineOutline,
    ProgrammeOutline,
    current_programme,
)
from integration.report.routes.blueprint import blueprint
from integration.report.routes.charts import ChartTarget, ChartYear, drawing_of, series_of, target_of
from integration.report.routes.reading import outline_of, reading_session, sees_drafts, writes_programme
from integration.report.routes.words import STATES, cell_text, state_detail, target_text
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
    series: list[ChartYear]
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
    states: list[tuple[State, str]]


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
def programme(programme: str) -> str:
    """Every domain, goal, action and meter line with its four years and its state."""
    today = local_date(utc_now())
    council = sees_drafts()
    db_session = reading_session()
    outline = outline_of(db_session, programme)
    figures = programme_figures(db_session, outline, today, council=council, main_only=True)
    domains = [_domain(outline, figures, domain) for domain in outline.domains]
    lines = [line for domain in domains for _title, group in domain.goals for line in group]
    tally = Counter(line.state for line in lines)
    return render_template(
        "report/programme.html",
        programme=outline,
        domains=domains,
        tiles=[line for line in lines if line.has_figures_to_reach],
        tally=[(state, tally[state]) for state in STATES if tally[state]],
        years=[(year, str(_("in progress")) if year == today.year else "") for year in outline.years],
        totals=_totals(figures),
        today=today,
        gone=percent_gone(today.year, today) if today.year in outline.years else None,
        council=council,
        writes=writes_programme(),
        form=FlaskForm() if outline.draft else None,
    )


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


def _domain(outline: ProgrammeOutline, figures: ProgrammeFigures, domain: DomainOutline) -> DomainView:
    goals = [
        (
            localize(goal.title, current_code()),
            [_line(outline, figures, domain, action, line) for action in goal.actions for line in action.lines],
        )
        for goal in domain.goals
    ]
    return DomainView(
        mark=domain.mark,
        name=localize(domain.title, current_code()),
        url=f"#{domain.slug}",
        anchor=domain.slug,
        goals=goals,
        states=[(line.state, str(line.title)) for _title, lines in goals for line in lines],
    )


def _line(
    outline: ProgrammeOutline,
    figures: ProgrammeFigures,
    domain: DomainOutline,
    action: ActionOutline,
    line: LineOutline,
) -> LineView:
    years, main = figures.of(line.main), line.main
    shown = line_state(years, state_year(outline, figures.today))
    aim = main.target_in(shown.year) if main.kind is not IndicatorKind.MILESTONE else None
    return LineView(
        label=line.label,
        title=title_of(action, line),
        meter=localize(line.text, current_code()),
        url=url_for("report.indicator", programme=outline.slug, indicator=line.slug),
        owner=owners(action, figures.today),
        mark=domain.mark,
        drawing=drawing_of(main),
        series=series_of(years, main),
        target=target_of(years, main),
        aim=target_text(aim) if aim else "",
        state=shown.state,
        detail=_detail(shown, line),
        has_figures_to_reach=aim is not None,
    )


def _detail(shown: Figure, line: LineOutline) -> str:
    return state_detail(shown, line.main)


def _totals(figures: ProgrammeFigures) -> list[list[str]]:
    return [[str(row.year), *map(cell_text, (row.held, row.visits, row.persons))] for row in figures.totals]
