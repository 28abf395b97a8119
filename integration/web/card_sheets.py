"""Sheets of cards for a desk: ten to an A4 page at credit-card size, their backs on the page after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.i18n.texts import EQUAL_LANGUAGES
from integration.web.pdf import make_pdf, spoken
from integration.web.posters import CATALOGUES
from integration.web.qr import qr_svg


@dataclass(frozen=True)
class PaperCard:
    """One card as it is printed: what its QR says, the code to say at the door, the name to call by if there is one."""

    qr_content: str
    short_code: str
    name: str = ""


def card_sheet(
    cards: Sequence[PaperCard],
    language: str,
    own: tuple[str, str],
    *,
    made_at: datetime,
    host: str = "Delaktig",
    phone: str = "",
) -> bytes:
    """The cards as PDF: one household's, or a stack of blank ones. ``made_at`` is UTC-aware.

    ``own`` is what a card says in its language, which may be one that the pages are not in: "say the code" and
    "show this card at the door". The first stands beside the code, the second before the same in the others.
    """
    first = language if language in CATALOGUES else EQUAL_LANGUAGES[0]
    codes = tuple(dict.fromkeys((first, *EQUAL_LANGUAGES)))
    with speaking(first):
        title, qr_alt = _("Cards"), _("The card's code as a picture, for the scanner at the door")
    data = {
        "title": title,
        "made_at": made_at,
        "qr_alt": qr_alt,
        "say_code": [spoken(own[0], language)] + ([_say_code(codes[1])] if language in CATALOGUES else []),
        "show": [spoken(own[1], language)]
        + [_show_card(code) for code in dict.fromkeys((*codes, *CATALOGUES)) if code != language],
        "host": host,
        "phone": phone,
        "cards": [{"qr": str(qr_svg(each.qr_content)), "code": each.short_code, "name": each.name} for each in cards],
    }
    return make_pdf("pdf/cards.typ", data, first)


def _say_code(code: str) -> dict[str, str]:
    with speaking(code):
        return spoken(_("Say the code"), code)


def _show_card(code: str) -> dict[str, str]:
    with speaking(code):
        return spoken(_("Show this card at the door."), code)
