"""Cards: the three codes of a card, how they are typed and shown, and the picture of the one in the QR.

Each code is derived from a key outside the database, the card's id and its issue number, so that it can be
printed or mailed again; the database holds only digests. The pass code stands in the QR and opens doors. The
short code is for saying at the door. The link secret manages the household and is never in a QR.
"""

from __future__ import annotations

import hmac
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

from integration.kernel.tokens import derived_bytes, derived_secret, digest

ALPHABET = "BCDFGHJKMNPRSTVWXYZ"
"""No look-alikes (I L, O Q, U V) and no vowels but Y, so that no word appears. Its length, 19, is prime."""
CODE_LETTERS = 8
"""Letters before the check letter: 19 ** 8, about 34 bits, enough for what a person at a door types."""
QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""
PNG_SCALE = 8
"""Pixels to a module: sharp on dense screens, about a kilobyte."""


class Codes(NamedTuple):
    """The codes of one issue of a card, as people and scanners use them."""

    pass_code: str
    short_code: str
    link_secret: str


@dataclass(frozen=True)
class CodeDigests:
    """What the database keeps of the codes."""

    pass_digest: str
    code_digest: str
    link_digest: str


def derived_codes(card_key: str, card_id: int, issue: int) -> Codes:
    """The codes of this issue of the card; the next issue has others and these die."""
    return Codes(
        derived_secret(card_key, "pass", card_id, issue),
        _short_code(derived_bytes(card_key, "code", card_id, issue)),
        derived_secret(card_key, "link", card_id, issue),
    )


def code_digests(codes: Codes) -> CodeDigests:
    """The digests of a card's codes."""
    return CodeDigests(digest(codes.pass_code), digest(codes.short_code), digest(codes.link_secret))


def feed_token(card_key: str, card_id: int, issue: int) -> str:
    """The address of the card's calendar feed: it reads dates and manages nothing, for calendars share addresses."""
    return f"{card_id:x}-{derived_secret(card_key, 'feed', card_id, issue)}"


def card_id_of_feed(token: str) -> int | None:
    """The card that a feed's address names; ``feed_matches`` tells whether the address is genuine."""
    head, _dash, secret = token.partition("-")
    try:
        card_id = int(head, 16) if secret else -1
    except ValueError:
        return None
    return card_id if 0 <= card_id < 2**63 else None


def feed_matches(token: str, card_key: str, card_id: int, issue: int) -> bool:
    """Whether this is the present address of the card's feed."""
    return hmac.compare_digest(token.encode(), feed_token(card_key, card_id, issue).encode())


def normalized(typed: str) -> str:
    """A code as it is digested: upper case, without the spaces and hyphens that people put in."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def shown(short_code: str) -> str:
    """The short code as it is read out: three groups of three."""
    return " ".join(short_code[start : start + 3] for start in range(0, len(short_code), 3))


def check_letter(letters: str) -> str:
    """The letter that makes the sum of place times value divisible by 19.

    The alphabet's size is prime and every place has another weight below it, so any one wrong letter and any
    two letters that changed places leave a remainder.
    """
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, start=1))
    inverse = pow(len(letters) + 1, -1, len(ALPHABET))
    return ALPHABET[-total * inverse % len(ALPHABET)]


def is_short_code(code: str) -> bool:
    """Whether this normalised text is a whole short code: right letters, right length, right check letter."""
    if len(code) != CODE_LETTERS + 1 or any(letter not in ALPHABET for letter in code):
        return False
    return check_letter(code[:-1]) == code[-1]


def _short_code(randomness: bytes) -> str:
    number = int.from_bytes(randomness, "big")
    letters = ""
    for _place in range(CODE_LETTERS):
        number, value = divmod(number, len(ALPHABET))
        letters += ALPHABET[value]
    return letters + check_letter(letters)


def qr_content(base_url: str, pass_code: str) -> str:
    """What the QR says: an address in capitals, which a QR packs tighter than small letters."""
    return f"{base_url}/C/{pass_code}".upper()


@lru_cache(maxsize=128)
def qr_drawing(content: str) -> tuple[int, str]:
    """The QR's side in modules (quiet zone included) and its dark modules as one SVG path."""
    matrix = _modules(content)
    return len(matrix), "".join(_runs(row, y) for y, row in enumerate(matrix))


def qr_png(content: str) -> bytes:
    """The QR as a PNG of one bit a pixel (ISO/IEC 15948), for mail programs, which draw no SVG."""
    rows = []
    for row in _modules(content):
        bits = "".join(("0" if dark else "1") * PNG_SCALE for dark in row)
        packed = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
        rows += [b"\0" + packed] * PNG_SCALE
    side = len(rows)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _modules(content: str) -> list[list[bool]]:
    """The QR's modules, row by row, quiet zone included; True is dark."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(content, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def _runs(row: list[bool], y: int) -> str:
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path


def qr_svg(content: str, title: str = "") -> Markup:
    """The QR as an SVG element; with a title it speaks for itself, without one its surroundings must."""
    side, path = qr_drawing(content)
    role = Markup('role="img"><title>{}</title>').format(title) if title else Markup('aria-hidden="true">')
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" {1}'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>'
    ).format(side, role, path)
