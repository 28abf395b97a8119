"""On course, but not with what is planned: the state stays what rule 5 makes it, and the words beside it warn."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from integration.indicators.rules import Counted, Sums, figure_of
from integration.programme.models import IndicatorKind, Measure, TargetForm, TargetPeriod
from integration.programme.queries import IndicatorOutline, TargetOutline
from integration.report.routes.course import detail_of
from tests.factories.figures import UNITS

HELD_4 = TargetOutline(None, TargetForm.MINIMUM, TargetPeriod.YEAR, 4, None, None)
MONTHLY = TargetOutline(None, TargetForm.EXACT, TargetPeriod.MONTH, 1, None, None)


def detail(measure: Measure, target: TargetOutline, today: date, held: list[date], coming: list[date]) -> str:
    """What stands beside the state of a year with these dates."""
    indicator = IndicatorOutline(
        *(1, "figure", IndicatorKind.COMPUTED, measure, UNITS[measure]),
        *("sum", {"en": "Figure"}, 2026, 2026, (), (), False, True, None, (target,)),  # type: ignore[arg-type]
    )
    sums = Sums(sessions=len(held) + len(coming), held=len(held))
    found = Counted(sums, tuple(held), (), tuple(coming), 0, 0, None, False)
    figure = figure_of(indicator, 2026, target, found, today)
    return detail_of(figure, indicator)


@pytest.mark.parametrize(
    ("coming", "words"),
    [
        ([], "2 of at least 4, 2 more to plan"),
        ([date(2026, 11, 2)], "2 of at least 4, 1 more to plan"),
        ([date(2026, 11, 2), date(2026, 11, 9)], "2 of at least 4"),
    ],
)
def test_what_the_plan_lacks_is_said(app: Flask, coming: list[date], words: str) -> None:
    held = [date(2026, 2, 2), date(2026, 3, 2)]
    with app.test_request_context("/en/"):
        app.preprocess_request()
        assert detail(Measure.HELD, HELD_4, date(2026, 8, 1), held, coming) == words


def test_a_month_gone_without_puts_twelve_out_of_reach(app: Flask) -> None:
    held = [date(2026, month, 2) for month in range(2, 12)]
    with app.test_request_context("/en/"):
        app.preprocess_request()
        assert "out of reach" in detail(Measure.MONTHS, MONTHLY, date(2026, 11, 15), held, [date(2026, 12, 2)])
        held.append(date(2026, 1, 9))
        assert "out of reach" not in detail(Measure.MONTHS, MONTHLY, date(2026, 11, 15), held, [date(2026, 12, 2)])
        assert "1 more to plan" in detail(Measure.MONTHS, MONTHLY, date(2026, 11, 15), held, [])
