"""Cards: the three codes of a card, how they are typed and shown, and the picture of the one in the QR.

Each code is derived from a key outside the database, the card's id and its issue number, so that it can be
printed or mailed again; the database holds only digests. The pass code stands in the QR and opens doors. The
short code is for saying at the door. The link secret manages the household and is never in a QR.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import NamedTuple

from integration.kernel.tokens import derived_bytes, derived_secret, digest

ALPHABET = "BCDFGHJKMNPRSTVWXYZ"
"""No look-alikes (I L, O Q, U V) and no vowels but Y, so that no word appears. Its length, 19, is prime."""
CODE_LETTERS = 8
"""Letters before the check letter: 19 ** 8, about 34 bits, enough for what a person at a door types."""


SAY_AND_SHOW = {
    "sv": ("Säg koden", "Visa kortet vid dörren."),
    "fi": ("Sano koodi", "Näytä kortti ovella."),
    "en": ("Say the code", "Show this card at the door."),
    "ar": ("قل الرمز", "أظهر هذه البطاقة عند الباب."),
    "es": ("Diga el código", "Muestre esta tarjeta en la puerta."),
    "et": ("Öelge kood", "Näidake kaarti uksel."),
    "fa": ("کد را بگویید", "این کارت را دم در نشان دهید."),
    "fr": ("Dites le code", "Montrez cette carte à l’entrée."),
    "ru": ("Назовите код", "Покажите карту у входа."),
    "so": ("Sheeg koodka", "Ku tus kaarka albaabka."),
    "tr": ("Kodu söyleyin", "Bu kartı kapıda gösterin."),
    "uk": ("Скажіть код", "Покажіть картку на вході."),
}
"""What a printed card says, also in languages that the pages are not in. To be read by native readers."""


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


def feed_token(card_key: str, card_id: int, issue: int, feed_issue: int = 0) -> str:
    """The address of the card's calendar feed: it reads dates and manages nothing, for calendars share addresses.

    It dies with the card's issue, and earlier when the household asks for another one (``feed_issue``).
    """
    parts = (card_id, issue, feed_issue) if feed_issue else (card_id, issue)
    return f"{card_id:x}-{derived_secret(card_key, 'feed', *parts)}"


def card_id_of_feed(token: str) -> int | None:
    """The card that a feed's address names; ``feed_matches`` tells whether the address is genuine."""
    head, _dash, secret = token.partition("-")
    try:
        card_id = int(head, 16) if secret else -1
    except ValueError:
        return None
    return card_id if 0 <= card_id < 2**63 else None


def feed_matches(token: str, card_key: str, card_id: int, issue: int, feed_issue: int = 0) -> bool:
    """Whether this is the present address of the card's feed."""
    return hmac.compare_digest(token.encode(), feed_token(card_key, card_id, issue, feed_issue).encode())


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


def card_language(code: str) -> str:
    """The language that a household's printed card can be in: its own, else English."""
    return code if code in SAY_AND_SHOW else "en"


def qr_content(base_url: str, pass_code: str) -> str:
    """What the QR says: an address in capitals, which a QR packs tighter than small letters."""
    return f"{base_url}/C/{pass_code}".upper()
