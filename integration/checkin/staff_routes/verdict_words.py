"""The words of every verdict at the door, for the script and for the page without one.

``{people}``, ``{time}``, ``{title}`` and ``{when}`` are filled in where the verdict is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext


@dataclass(frozen=True)
class Words:
    """One verdict: its shape and flood, the great word, the line under it, and what to do."""

    key: str
    shape: str
    word: str
    line: str = ""
    more: str = ""


def verdict_words() -> dict[str, Words]:
    """Every verdict in the reader's language."""
    return {words.key: words for words in (*_let_in(), *_odd(), *_unread(), *_kept())}


def _let_in() -> list[Words]:
    return [
        # NOTE: at the door, said to a household that has just come in
        Words("welcome", "ok", _("Welcome!"), "{people}"),
        Words("counted", "ok", _("Counted"), "{people}", _("Without a card.")),
        Words(
            "already",
            "already",
            _("Already in"),
            # NOTE: when a household came in, e.g. "at 17:05"
            _("at %(time)s", time="{time}"),
            _("Counted: %(people)s. More people? Add them below.", people="{people}"),
        ),
        Words(
            "surplus",
            "already",
            _("More than signed up"),
            "{people}",
            _("The places on the card are counted. Let in more? Add them below."),
        ),
    ]


def _odd() -> list[Words]:
    return [
        Words(
            "other",
            "other",
            _("Another session"),
            # NOTE: the session a card is signed up for, e.g. "CV clinic, tomorrow at 13:00"
            _("%(title)s, %(when)s", title="{title}", when="{when}"),
            _("No harm done. They are let in and counted here: %(people)s.", people="{people}"),
        ),
        Words(
            "elsewhere",
            "other",
            _("Another date"),
            # NOTE: said of a card that is signed up for another date of the same activity, e.g. "tomorrow at 13:00"
            _("Signed up for %(when)s", when="{when}"),
            _("No harm done. They are let in and counted here: %(people)s.", people="{people}"),
        ),
        Words(
            "no_sign_up",
            "other",
            _("Not on the list"),
            "{people}",
            _("No harm done. They are let in and counted here."),
        ),
        Words(
            "unknown",
            "unknown",
            _("Unknown code"),
            _("Counted without a card"),
            _("Counted: %(people)s. More people? Add them below. Nobody is left out.", people="{people}"),
        ),
        Words(
            "sensitive",
            "unknown",
            _("No cards here"),
            _("This session only counts people"),
            _("Count them with the buttons below. Nothing of the card was kept."),
        ),
    ]


def _unread() -> list[Words]:
    return [
        Words(
            "typo",
            "unknown",
            _("Unknown code"),
            _("Try once more"),
            _("Still no? Count them with the buttons below. Nobody is left out."),
        ),
        _not_a_card("foreign_wifi", _("This code opens a Wi-Fi network")),
        _not_a_card("foreign_address", _("This code leads to another site")),
        _not_a_card("foreign_text", _("This code holds some other text")),
        Words("counted_before", "unknown", _("Unknown code"), _("Counted already"), _("More people? Add them below.")),
    ]


def _not_a_card(key: str, line: str) -> Words:
    """A code of something else: what it is, and that nobody is turned away for it."""
    return Words(key, "unknown", _("Not a card"), line, _("Ask for their card, or count them with the buttons below."))


def _kept() -> list[Words]:
    return [
        Words("queued", "noted", _("Noted"), _("It will be sent by itself"), _("Keep scanning.")),
        Words(
            "linked",
            "noted",
            _("Card given"),
            _("They are counted once, with the card"),
            _("Next time they only show the card."),
        ),
        Words("undone", "noted", _("Undone"), "", _("The last one is not counted.")),
        Words(
            "waiting",
            "noted",
            _("Noted"),
            _("This door is closed"),
            _("The organiser decides whether it counts. Nothing is lost."),
        ),
    ]


def people_texts(most: int = 12) -> dict[str, list[str]]:
    """ "1 adult", "2 adults" ... and the same for children, from none to ``most``."""
    return {
        "adults": [ngettext("%(num)s adult", "%(num)s adults", number) for number in range(most + 1)],
        "children": [ngettext("%(num)s child", "%(num)s children", number) for number in range(most + 1)],
    }


def people_words(adults: int, children: int) -> str:
    """ "2 adults + 1 child"."""
    parts = []
    if adults or not children:
        parts.append(ngettext("%(num)s adult", "%(num)s adults", adults))
    if children:
        parts.append(ngettext("%(num)s child", "%(num)s children", children))
    return " + ".join(parts)
