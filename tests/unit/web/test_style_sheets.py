"""What every reader's phone must load stays small, and right-to-left pages need no sheet of their own."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHEETS = sorted((ROOT / "integration" / "static" / "css").glob("*.css"))
PHYSICAL = re.compile(r"[{;\s](?:margin|padding|border|inset)?-?(?:left|right|top|bottom)(?:-[a-z]+)?\s*:")
MOST_BYTES = 9 * 1024


def test_a_residents_page_loads_at_most_nine_kilobytes_of_style() -> None:
    site = b"\n".join(
        (ROOT / "integration" / "static" / "css" / name).read_bytes() for name in ("tokens.css", "delaktig.css")
    )
    assert len(gzip.compress(site)) <= MOST_BYTES


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_use_logical_properties_so_that_they_mirror(sheet: Path) -> None:
    assert PHYSICAL.findall(sheet.read_text()) == []


FILE_OF_ITS_OWN = "edition_page.html"
"""A published report is one file that is kept and read by itself: its style comes along. Scripts it has none either."""
PAGES = sorted(each for each in (ROOT / "templates").rglob("*.html") if each.name != FILE_OF_ITS_OWN)


def test_a_published_report_runs_nothing() -> None:
    text = (ROOT / "templates" / "report" / FILE_OF_ITS_OWN).read_text()
    assert "<script" not in text
    assert re.search(r"""\son[a-z]+=""", text) is None


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_pages_have_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    if "mail" not in template.parts:
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*(?:\bsrc=|ld\+json))", text)
