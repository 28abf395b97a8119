"""The card's codes: derived, checked, and readable by a scanner."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from integration.registration import cards
from integration.registration.cards import ALPHABET, check_letter, derived_codes, is_short_code, normalized, shown
from integration.web.qr import qr_drawing, qr_svg

KEY = "a key that is kept outside the database"


def test_a_card_has_the_same_codes_whenever_it_is_printed() -> None:
    assert derived_codes(KEY, 7, 1) == derived_codes(KEY, 7, 1)


def test_another_issue_card_or_key_has_other_codes() -> None:
    first = derived_codes(KEY, 7, 1)
    for other in (derived_codes(KEY, 7, 2), derived_codes(KEY, 8, 1), derived_codes("another key", 7, 1)):
        assert not set(first) & set(other)


def test_codes_look_as_promised() -> None:
    codes = derived_codes(KEY, 7, 1)
    assert re.fullmatch("[A-Z2-7]{26}", codes.pass_code)
    assert re.fullmatch("[A-Z2-7]{26}", codes.link_secret)
    assert re.fullmatch(f"[{ALPHABET}]{{9}}", codes.short_code)
    assert is_short_code(codes.short_code)


def test_no_code_says_another_one() -> None:
    """Who reads the QR learns neither the household's link nor the code for the door."""
    codes = derived_codes(KEY, 7, 1)
    content = cards.qr_content("https://delaktig.example", codes.pass_code)
    assert codes.link_secret not in content
    assert codes.short_code not in content


def test_letters_that_look_or_sound_like_others_are_left_out() -> None:
    assert not set("ILOQU01") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 19


@pytest.mark.parametrize("card_id", range(20))
def test_every_wrong_letter_is_noticed(card_id: int) -> None:
    code = derived_codes(KEY, card_id, 1).short_code
    for place in range(len(code)):
        for letter in ALPHABET.replace(code[place], ""):
            assert not is_short_code(code[:place] + letter + code[place + 1 :])


@pytest.mark.parametrize("card_id", range(20))
def test_every_two_letters_that_changed_places_are_noticed(card_id: int) -> None:
    code = derived_codes(KEY, card_id, 1).short_code
    for place in range(len(code) - 1):
        letters = list(code)
        letters[place : place + 2] = reversed(letters[place : place + 2])
        assert is_short_code("".join(letters)) == (letters[place] == letters[place + 1])


def test_a_code_is_read_however_it_is_typed() -> None:
    code = "BCDFGHJK" + check_letter("BCDFGHJK")
    for typed in (shown(code), shown(code).lower(), f" {code[:4]}-{code[4:]} ", code.lower()):
        assert normalized(typed) == code
        assert is_short_code(normalized(typed))


def test_a_code_is_shown_in_threes() -> None:
    assert shown("BCDFGHJKM") == "BCD FGH JKM"


@pytest.mark.parametrize("nothing", ["", "B", "BCDFGHJK", "BCDFGHJKLMN", "ÅÄÖÅÄÖÅÄÖ", "012345678"])
def test_what_is_no_code_is_none(nothing: str) -> None:
    assert not is_short_code(normalized(nothing))


def test_a_scanner_reads_the_drawing() -> None:
    codes = derived_codes(KEY, 7, 1)
    content = cards.qr_content("https://delaktig.example", codes.pass_code)
    assert content == f"HTTPS://DELAKTIG.EXAMPLE/C/{codes.pass_code}"
    found = zxingcpp.read_barcodes(rasterised(str(qr_svg(content))))
    assert [each.text for each in found] == [content]


def test_the_code_stays_small_and_has_its_quiet_zone() -> None:
    """29 modules (version 3) and 4 on each side: capitals are packed tighter than small letters."""
    side, path = qr_drawing(cards.qr_content("https://delaktig.example", derived_codes(KEY, 7, 1).pass_code))
    assert side == 29 + 2 * 4
    columns = [int(x) for x, _y in re.findall(r"M(\d+) (\d+)", path)]
    rows = [int(y) for _x, y in re.findall(r"M(\d+) (\d+)", path)]
    assert min(columns) == min(rows) == 4
    assert max(rows) == side - 5


def test_a_drawing_that_stands_alone_has_a_name() -> None:
    assert "<title>A &lt;card&gt;</title>" in qr_svg("X", title="A <card>")
    assert 'aria-hidden="true"' in qr_svg("X")


def test_only_the_card_itself_has_its_feed() -> None:
    token = cards.feed_token(KEY, 7, 1)
    assert cards.card_id_of_feed(token) == 7
    assert cards.feed_matches(token, KEY, 7, 1)
    assert not cards.feed_matches(token, KEY, 7, 2)
    assert derived_codes(KEY, 7, 1).link_secret not in token


@pytest.mark.parametrize("token", ["", "-", "7", "x-ABC", "-7-ABC", "f" * 40 + "-A"])
def test_an_address_that_no_card_has_names_none(token: str) -> None:
    assert cards.card_id_of_feed(token) is None


def rasterised(svg: str, scale: int = 6) -> Image.Image:
    """Draw the rectangles of the code's path, as a browser would."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    image = Image.new("L", (side * scale, side * scale), 255)
    draw = ImageDraw.Draw(image)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        left, top = int(x) * scale, int(y) * scale
        draw.rectangle((left, top, left + int(run) * scale - 1, top + scale - 1), fill=0)
    return image
