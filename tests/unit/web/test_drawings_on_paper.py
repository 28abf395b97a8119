"""Pictures that stand by themselves: whole documents, each with its own colour and its words escaped."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask

from integration.web.drawings_on_paper import small_chart


def year(number: int, value: int | None, state: str, text: str = "") -> SimpleNamespace:
    return SimpleNamespace(year=number, value=value, text=text, state=state, squares=("held",) * 12, reached=1)


@pytest.mark.parametrize("drawing", ["bars", "persons", "months", "weeks", "milestone"])
def test_a_picture_is_a_document_with_every_year_in_it(app: Flask, drawing: str) -> None:
    series = [year(2024, 3, "value", "<3>&"), year(2025, None, "missing"), year(2026, 0, "zero")]
    target = SimpleNamespace(lower=2, upper=4, form="range")
    with app.test_request_context("/sv/"):
        first, second = (small_chart(series, drawing, colour, target) for colour in ("#83141A", "#113C92"))
    root = Xml.fromstring(first)
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:2] == ["<3>&", "2024"] and texts[-1] == "2026"
    assert first.replace("#83141A", "#113C92") == second
    assert first.count("#83141A") == 1, "the colour stands at the picture, not in its style, which a page shares"
