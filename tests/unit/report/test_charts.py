"""Figures as the small charts draw them."""

from __future__ import annotations

from flask import Flask

from integration.indicators.rules import Figure, Standing, State, cell
from integration.indicators.rules.small_figures import Cell
from integration.programme.models import Aggregation, IndicatorKind
from integration.programme.queries import IndicatorOutline
from integration.report.routes.charts import series_of
from integration.web.drawings import milestones

GUIDE = IndicatorOutline(
    1, "guide", IndicatorKind.MILESTONE, None, "milestone", Aggregation.NONE, {"en": "Guide"},
    2023, 2024, (), (), False, True, None, (),
)  # fmt: skip


def test_a_milestone_stands_where_it_was_reached_and_nowhere_else(app: Flask) -> None:
    years = (Figure(2023, Cell(None, Standing.MISSING), State.MISS), Figure(2024, cell(1), State.MET))
    with app.test_request_context("/en/programmes/town"):
        app.preprocess_request()
        series = series_of(years, GUIDE)
        assert [each.reached for each in series] == [0, 1]
        assert str(milestones(series, "social", None, True)).count('class="pole"') == 1
