"""Figures in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from integration.indicators.rules import Bounds, Cell, Figure, Standing, State
from integration.programme.models import Aggregation, IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.queries import IndicatorOutline, TargetOutline
from integration.report.routes.words import cell_text, figure_text, number, state_detail, target_text


def _indicator(measure: Measure, unit: str, target: TargetOutline | None = None) -> IndicatorOutline:
    return IndicatorOutline(
        id=1,
        slug="figure",
        kind=IndicatorKind.COMPUTED,
        measure=measure,
        unit=unit,
        aggregation=Aggregation.NONE,
        title={"en": "Figure"},
        first_year=2023,
        last_year=2025,
        kinds=(),
        audiences=(),
        whole_programme=False,
        traffic_light=True,
        reading=None,
        targets=(target,) if target else (),
    )


def _target(form: TargetForm, period: TargetPeriod, lower: int, upper: int | None = None) -> TargetOutline:
    return TargetOutline(None, form, period, lower, upper, None)


def _figure(value: int | None, state: State, standing: Standing = Standing.VALUE, **more: Any) -> Figure:
    return Figure(2025, Cell(value, standing), state, **more)


FAIRS = _target(TargetForm.RANGE, TargetPeriod.YEAR, 4, 5)
VISITS = _target(TargetForm.MINIMUM, TargetPeriod.YEAR, 10)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (FAIRS, "4–5 per year"),
        (VISITS, "at least 10 per year"),
        (_target(TargetForm.EXACT, TargetPeriod.YEAR, 2), "2 per year"),
        (_target(TargetForm.EXACT, TargetPeriod.MONTH, 1), "once a month"),
        (_target(TargetForm.MINIMUM, TargetPeriod.WEEK, 1), "every week"),
        (_target(TargetForm.MINIMUM, TargetPeriod.ONCE, 1500), "at least 1,500 in all"),
    ],
)
def test_what_a_target_asks(app: Flask, target: TargetOutline, words: str) -> None:
    with app.test_request_context("/en/programmes/town"):
        app.preprocess_request()
        assert target_text(target) == words


@pytest.mark.parametrize(
    ("figure", "indicator", "words"),
    [
        (_figure(4, State.MET, bounds=Bounds(4, 5)), _indicator(Measure.HELD, "sessions", FAIRS), "4 of 4–5"),
        (
            _figure(7, State.BELOW, bounds=Bounds(10, None)),
            _indicator(Measure.HELD, "sessions", VISITS),
            "7 of at least 10",
        ),
        (_figure(10, State.COURSE, of=11), _indicator(Measure.MONTHS, "months"), "10 of 11 months"),
        (_figure(36, State.COURSE, of=37), _indicator(Measure.WEEKS, "weeks"), "36 of 37 weeks"),
        (_figure(22, State.NONE, Standing.RUNNING), _indicator(Measure.VISITS, "visits"), "22 so far this year"),
        (_figure(None, State.MISS, Standing.MISSING), _indicator(Measure.VISITS, "visits"), ""),
        (Figure(2026, Cell(None, Standing.NA), State.NA), _indicator(Measure.VISITS, "visits"), "ended 2025"),
        (Figure(2022, Cell(None, Standing.NA), State.NA), _indicator(Measure.VISITS, "visits"), "from 2023"),
        (
            _figure(0, State.COURSE, Standing.RUNNING, bounds=Bounds(4, 5), coming_on=date(2025, 11, 28)),
            _indicator(Measure.HELD, "sessions", FAIRS),
            "planned 28.11.2025",
        ),
    ],
)
def test_what_a_state_rests_on(app: Flask, figure: Figure, indicator: IndicatorOutline, words: str) -> None:
    with app.test_request_context("/en/programmes/town"):
        app.preprocess_request()
        assert state_detail(figure, indicator) == words


def test_values_and_the_reasons_for_none(app: Flask) -> None:
    with app.test_request_context("/en/programmes/town"):
        app.preprocess_request()
        texts = {standing: cell_text(Cell(None, standing)) for standing in Standing if standing is not Standing.VALUE}
        assert texts[Standing.SUPPRESSED] == "<5"
        assert texts[Standing.WITHHELD] == "not shown"
        assert texts[Standing.MISSING] == "not rep."
        assert texts[Standing.NA] == "–"
        assert cell_text(Cell(0, Standing.ZERO)) == "0"
        assert cell_text(Cell(72, Standing.VALUE), "share") == "72\xa0%"
        assert figure_text(_figure(10, State.COURSE, of=11), _indicator(Measure.MONTHS, "months")) == "10/11"
        assert number(41000) == "41,000"


def test_thousands_stand_apart_as_the_language_has_it(app: Flask) -> None:
    with app.test_request_context("/sv/programmes/town"):
        app.preprocess_request()
        assert number(41000) == "41\xa0000"
