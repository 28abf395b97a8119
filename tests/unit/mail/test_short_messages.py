"""How many parts an SMS takes, and how a long title is made to fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.mail.short_messages import ShortMessage, fitted, is_gsm, parts, plain


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("å" * 160, 1),
        ("Ä" * 306, 2),
        ("Ä" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ق" * 70, 1),
        ("ق" * 71, 2),
        ("ق" * 134, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_parts_as_phone_companies_count_them(text: str, count: int) -> None:
    assert parts(text) == count


def test_swedish_and_finnish_are_in_the_short_alphabet() -> None:
    assert is_gsm("Åäö ÅÄÖ é kl. 17.30, klo 18.00: https://delaktig.example/k/ABC?")
    assert not is_gsm("š") and not is_gsm("–")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Café – för alla", "Café - för alla"),
        ("“Hej”…", '"Hej"...'),
        ("Kulttuuri\u00adkahvila", "Kulttuurikahvila"),
        ("Šokoladi ja Žuži", "Sokoladi ja Zuzi"),
        ("مقهى – للجميع", "مقهى - للجميع"),
    ],
)
def test_print_signs_become_plain(written: str, sent: str) -> None:
    assert plain(written) == sent


def test_a_long_title_is_cut_between_words() -> None:
    title = "Kulturkaféet för alla som vill prata svenska och finska vid samma bord"
    text = fitted(lambda each: f"Plats för er: {each} " + "x" * 105, title)
    assert parts(text) == 1
    assert "Kulturkaféet för alla som vill prata.. x" in text


def test_a_short_title_stays_whole() -> None:
    assert ShortMessage(lambda title: f"Ni är anmälda: {title}.", "Kafé").text == "Ni är anmälda: Kafé."


@given(st.text(min_size=1, max_size=300), st.integers(0, 140))
def test_no_title_costs_more_parts_than_the_shortest(title: str, rest: int) -> None:
    """Whatever the title, it is shortened before it costs a part."""
    text = fitted(lambda each: each + "x" * rest, title)
    assert parts(text) <= parts(plain(" ".join(title.split())) + "x" * rest)
    if is_gsm(text) and is_gsm(plain(title)):
        assert parts(text) == 1
