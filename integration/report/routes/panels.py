"""What report adds to other features' pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from babel.dates import format_date
from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from integration.i18n.routing import current_code
from integration.i18n.texts import Localized
from integration.indicators.queries import ProgrammeFigures, actions_served, programme_figures
from integration.indicators.rules import Figure, State
from integration.kernel.clock import local_date, utc_now
from integration.kernel.database import db
from integration.programme.models import IndicatorKind, Measure
from integration.programme.queries import (
    IndicatorOutline,
    LineOutline,
    ProgrammeOutline,
    current_programme,
    programme_outline,
)
from integration.report.routes.dashboard import title_of
from integration.report.routes.words import bounds_text, target_text


class ClosingSession(Protocol):
    """The session that is being closed."""

    @property
    def id(self) -> int: ...
    @property
    def local_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Effect:
    """What a session does to one meter line."""

    title: Localized
    aim: str
    mark: str
    url: str
    text: str
    state: State


def closing_panel(session: ClosingSession) -> Markup | str:
    """What this session does to the programme's meters: what it will do when confirmed, what it did once closed."""
    db_session = db.session()
    served = actions_served(db_session, session.id)
    programme = current_programme(db_session, session.local_on) if served else None
    outline = programme_outline(db_session, programme.id) if programme else None
    if outline is None:
        return ""
    today = local_date(utc_now())
    figures = programme_figures(db_session, outline, today, council=False, main_only=True, as_held=session.id)
    effects = _effects(outline, figures, served, session.local_on)
    if not effects:
        return ""
    return Markup(render_template("report/closing_panel.html", effects=effects))  # noqa: S704


def _effects(outline: ProgrammeOutline, figures: ProgrammeFigures, served: set[int], on: date) -> list[Effect]:
    return [
        effect
        for domain in outline.domains
        for goal in domain.goals
        for action in goal.actions
        if action.id in served
        for line in action.lines
        if (effect := _effect(outline, figures, domain.mark, title_of(action, line), line, on))
    ]


def _effect(
    outline: ProgrammeOutline, figures: ProgrammeFigures, mark: str, title: Localized, line: LineOutline, on: date
) -> Effect | None:
    """None for lines that do not count sessions, or not in this year."""
    if line.main.kind is not IndicatorKind.COMPUTED:
        return None
    figure = next((each for each in figures.of(line.main) if each.year == on.year), None)
    if figure is None or figure.value is None:
        return None
    aim = line.main.target_in(on.year)
    url = url_for("report.indicator", programme=outline.slug, indicator=line.slug)
    text = _text(line.main, figure, figure.value, on)
    return Effect(title, target_text(aim) if aim else "", mark, url, text, figure.state)


def _text(indicator: IndicatorOutline, figure: Figure, value: int, on: date) -> str:
    if indicator.measure is Measure.MONTHS and figure.of:
        month = format_date(on, "LLLL", locale=current_code()).capitalize()
        # NOTE: a month counts, for instance "November counts: 10 of 11 months this year."
        return str(
            ngettext(
                "%(month)s counts: %(value)s of %(num)s month this year.",
                "%(month)s counts: %(value)s of %(num)s months this year.",
                figure.of,
                month=month,
                value=value,
            )
        )
    if indicator.measure is Measure.WEEKS and figure.of:
        return str(
            ngettext(
                "Week %(week)s counts: %(value)s of %(num)s week this year.",
                "Week %(week)s counts: %(value)s of %(num)s weeks this year.",
                figure.of,
                week=on.isocalendar().week,
                value=value,
            )
        )
    aim = indicator.target_in(on.year)
    if figure.bounds and aim:
        bounds = bounds_text(figure.bounds.lower, figure.bounds.upper, aim.form)
        return str(_("Now %(value)s this year; the target is %(target)s.", value=value, target=bounds))
    return str(_("Now %(value)s this year.", value=value))
