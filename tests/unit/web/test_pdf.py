"""PDFs: the same bytes for the same input, tagged, in any direction of writing, and what people write stays text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.web.pdf import can_write, make_pdf, spoken
from integration.web.qr import qr_svg
from tests.paper import barriers, codes, tags, words

ADDRESS = "https://delaktig.invalid/sv/activities/culture-cafe"


def poster(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Kulturkafé",
        "made_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
        "size": "a4",
        "hosts": [spoken("Vasa stad", "sv"), spoken("Vaasan kaupunki", "fi")],
        "titles": [spoken("Kulturkafé", "sv"), spoken("Kulttuurikahvila", "fi")],
        "times": [{"days": [spoken("torsdag", "sv"), spoken("torstai", "fi")], "dates": "26.11.", "hours": "18–20"}],
        "places": [spoken("Alma", "sv"), spoken("Rådhusgatan 31", "sv")],
        "qr": str(qr_svg(ADDRESS)),
        "qr_alt": "QR-kod",
        "spoken": [spoken("svenska", "sv"), spoken("العربية", "ar")],
        "calls": [{"bold": spoken("Kom med!", "sv"), "more": spoken("Inget konto.", "sv")}],
        "ask": [],
        "phone": "",
        "address": "delaktig.invalid",
        **changed,
    }


def test_the_same_input_gives_the_same_bytes_and_time_alone_changes_them() -> None:
    first = make_pdf("pdf/poster.typ", poster(), "sv")
    assert first == make_pdf("pdf/poster.typ", poster(), "sv")
    later = poster(made_at=poster()["made_at"] + timedelta(seconds=1))
    assert first != make_pdf("pdf/poster.typ", later, "sv")


@pytest.mark.parametrize("size", ["a4", "a3"])
@pytest.mark.parametrize("language", ["sv", "ar"])
def test_a_poster_is_tagged_and_its_code_can_be_read(size: str, language: str) -> None:
    pdf = make_pdf("pdf/poster.typ", poster(size=size), language)
    assert barriers(pdf) == []
    assert {"H1", "Figure"} <= set(tags(pdf))
    assert codes(pdf) == [ADDRESS]


def test_what_people_write_is_never_markup() -> None:
    hostile = '#panic("x") *bold* $x$ <label> @ref \\ #read("style.typ") [ ] // `code`'
    pdf = make_pdf("pdf/poster.typ", poster(places=[spoken(hostile, "sv")]), "sv")
    assert "".join(hostile.split()) in "".join(words(pdf).split())


@pytest.mark.parametrize(
    ("code", "text"),
    [("ar", "مقهى"), ("uk", "кафе"), ("ti", "ካፌ"), ("ta", "கலை"), ("th", "คาเฟ่"), ("vi", "Tiếng Việt"), ("fa", "کافه")],
)
def test_every_language_has_its_letters(code: str, text: str) -> None:
    assert can_write(code)
    pdf = make_pdf("pdf/poster.typ", poster(titles=[spoken(text, code)]), code)
    assert barriers(pdf) == []


def test_a_letter_that_no_font_has_costs_the_standard_but_never_the_sheet() -> None:
    assert not can_write("zh")
    pdf = make_pdf("pdf/poster.typ", poster(titles=[spoken("Kulturkafé 中文", "sv")]), "sv")
    assert "does not call itself PDF/UA-1" in barriers(pdf)
    assert {"H1", "Figure"} <= set(tags(pdf))
    assert "Kulturkafé" in words(pdf)
