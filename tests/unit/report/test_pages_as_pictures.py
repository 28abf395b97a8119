"""Pages of the final report, kept as pictures and compared.

Whoever means to change how the paper looks draws them anew, looks at them, and commits them:

    KEEP_PICTURES=1 ./test tests/unit/report/test_pages_as_pictures.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageChops

from integration.report.editions.files import report_pdf
from tests.factories.report_on_paper import invented_report
from tests.paper import pictures

KEPT = Path(__file__).parent / "pictures"
PAGES = {"sv": (0, 1), "fi": (0, 2), "en": (1, 3)}
"""The front with its sums, a domain with its charts, one without prose, and what is missing."""
SCALE = 0.75
"""54 dots to an inch: a chart or a column in another place is seen, a letter's edge is not."""
FAR = 64
"""Of 255: a pixel so much darker or lighter is another one; smoothing changes less."""
MOST = 0.001
"""So much of a page may be other pixels."""


def differs(page: Image.Image, kept: Image.Image) -> float:
    """Which share of two pages is not the same."""
    if page.size != kept.size:
        return 1
    apart = ImageChops.difference(page.convert("L"), kept.convert("L")).point(lambda value: 255 if value > FAR else 0)
    return apart.histogram()[255] / (page.width * page.height)


def small(page: Image.Image) -> Image.Image:
    """As it is kept: few colours make a small file."""
    return page.quantize(32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


@pytest.mark.parametrize("database_url", ["sqlite://"])
@pytest.mark.parametrize("code", list(PAGES))
def test_the_paper_looks_as_it_did(app: Flask, code: str) -> None:
    with app.app_context():
        pages = pictures(report_pdf(invented_report(), code), SCALE)
    for number in PAGES[code]:
        file = KEPT / f"final-{code}-{number + 1}.png"
        if os.environ.get("KEEP_PICTURES"):
            small(pages[number]).save(file, optimize=True)
        found = differs(pages[number], Image.open(file))
        assert found <= MOST, f"{found:.2%} of page {number + 1} is not as in {file.name}; see the top of this test"


def test_a_change_is_seen() -> None:
    """A page that moved by two millimetres, and one whose chart lost a bar."""
    kept = Image.open(KEPT / "final-sv-2.png").convert("RGB")
    assert differs(kept, kept) == 0
    assert differs(ImageChops.offset(kept, 0, 4), kept) > MOST
    bar = kept.copy()
    bar.paste("white", (kept.width - 150, 150, kept.width - 60, 200))
    assert differs(bar, kept) > MOST


def test_the_pictures_stay_small() -> None:
    assert sum(file.stat().st_size for file in KEPT.glob("*.png")) < 300_000
    assert len(list(KEPT.glob("*.png"))) == sum(map(len, PAGES.values()))
