"""Zero, not reported, not this year and hidden figures are four things, and look like four."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from integration.web import drawings

RANGE = SimpleNamespace(lower=4, upper=5, form="range")


def figure(year: int, value: float | None, state: str = "value", **over: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"year": year, "value": value, "text": None, "state": state, **over})


@pytest.fixture
def page(app: Flask) -> Any:
    with app.test_request_context("/en/"):
        yield


def drawn(page: Any, *series: SimpleNamespace, target: Any = None) -> str:
    return str(drawings.years(series, "work", target, 44, None, 0, under=True))


def test_zero_is_low_land_and_says_zero(page: Any) -> None:
    picture = drawn(page, figure(2024, 0, "zero"))
    assert 'class="bar"' in picture
    assert "<b>0</b>" in picture


@pytest.mark.parametrize(("state", "shown"), [("missing", "not rep."), ("na", "–"), ("suppressed", "&lt;5")])
def test_what_is_no_figure_has_no_bar(page: Any, state: str, shown: str) -> None:
    picture = drawn(page, figure(2024, 3, state))
    assert 'class="bar"' not in picture
    assert f"<b>{shown}</b>" in picture


def test_the_running_year_is_pale_and_spoken_as_unfinished(page: Any) -> None:
    picture = drawn(page, figure(2026, 4, "running"), target=RANGE)
    assert 'class="run"' in picture
    assert 'aria-label="2026: 4 so far"' in picture


def test_a_range_has_two_edges_and_a_minimum_has_light_above_one(page: Any) -> None:
    assert drawn(page, figure(2024, 3), target=RANGE).count('class="edge"') == 2
    minimum = drawn(page, figure(2024, 3), target=SimpleNamespace(lower=4, upper=None, form="minimum"))
    assert minimum.count('class="edge"') == 1
    assert 'class="band" width="100%" y="0"' in minimum


def test_texts_are_escaped(page: Any) -> None:
    picture = drawn(page, figure(2024, 3, text="<script>"))
    assert "<script>" not in picture
    assert "&lt;script&gt;" in picture


def test_large_figures_are_grouped(page: Any) -> None:
    assert "<b>41\u00a0000</b>" in drawn(page, figure(2024, 41000))


def test_other_figures_never_show_an_old_picture(page: Any) -> None:
    assert drawn(page, figure(2024, 3)) != drawn(page, figure(2024, 4))
