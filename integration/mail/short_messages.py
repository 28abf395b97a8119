"""Short messages: how many parts one takes (3GPP TS 23.038, TS 23.040), and making it fit into one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM-7: one septet each. Swedish and Finnish letters are in it."""
GSM_TWO = frozenset("\f^{}\\[~]|€")
"""Two septets each."""
GSM_ONE_PART, GSM_EACH_PART = 160, 153
UCS_ONE_PART, UCS_EACH_PART = 70, 67
PLAIN = str.maketrans(
    {
        **dict.fromkeys("–—−\u2011", "-"),
        **dict.fromkeys("’‘", "'"),
        **dict.fromkeys("“”«»", '"'),
        **dict.fromkeys("\u00ad\u200b", ""),
        "…": "...",
        "\u00a0": " ",
    }
)
"""Print's signs, for which plain ones do as well; and places where a long word may break."""
SHORTEST_TITLE = 12


@dataclass(frozen=True)
class ShortMessage:
    """What an SMS says: ``say`` puts a title into the sentence, so that a long one can be shortened."""

    say: Callable[[str], str]
    title: str

    @property
    def text(self) -> str:
        """The words that leave: one part if a shorter title makes it so, else as few parts as possible."""
        return fitted(self.say, self.title)


def parts(text: str) -> int:
    """How many parts a phone company counts for this text."""
    if is_gsm(text):
        septets = sum(2 if each in GSM_TWO else 1 for each in text)
        return 1 if septets <= GSM_ONE_PART else -(-septets // GSM_EACH_PART)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= UCS_ONE_PART else -(-units // UCS_EACH_PART)


def is_gsm(text: str) -> bool:
    """Whether the short alphabet suffices."""
    return all(each in GSM or each in GSM_TWO for each in text)


def plain(text: str) -> str:
    """The text with plain signs; Latin letters lose strange marks if the short alphabet then suffices.

    Other scripts stay as they are: whoever reads them reads nothing else.
    """
    text = unicodedata.normalize("NFC", text).translate(PLAIN)
    if is_gsm(text):
        return text
    bare = "".join(each if each in GSM or each in GSM_TWO else _without_marks(each) for each in text)
    return bare if is_gsm(bare) else text


def fitted(say: Callable[[str], str], title: str) -> str:
    """The sentence with the longest title that takes the fewest parts."""
    candidates = [plain(say(each)) for each in _shorter(title)]
    fewest = min(map(parts, candidates))
    return next(each for each in candidates if parts(each) == fewest)


def _shorter(title: str) -> Iterator[str]:
    """The title, then ever shorter ones, cut between words where there is a gap near the end."""
    title = " ".join(title.split())
    yield title
    for length in range(len(title) - 1, SHORTEST_TITLE - 1, -1):
        cut = title[:length].rstrip()
        words = cut.rpartition(" ")[0]
        between = title[length] == " " or len(words) < max(SHORTEST_TITLE, len(cut) - 10)
        yield (cut if between else words).rstrip(" ,.:;-–") + ".."


def _without_marks(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in bare if not unicodedata.combining(each)) or letter
