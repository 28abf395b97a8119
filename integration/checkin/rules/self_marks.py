"""People who mark themselves: as whom, and what that says of whom.

A household with a card is counted under its card, so that doors and it can say the same people and count them once.
Whoever has none is a visit and no person; a phone says each of its anonymous numbers once and may correct it.
"""

from __future__ import annotations

from dataclasses import dataclass

from integration.checkin.rules.scans import NOBODY, People


@dataclass(frozen=True)
class MarkedCard:
    """A living card: a random key, never a person, and the digest that counts it."""

    visitor_key: str
    pass_digest: str


@dataclass(frozen=True)
class As:
    """As whom a phone marks people: its card's household, another family that shares it, or whoever holds it."""

    phone: str
    card: MarkedCard | None = None
    is_other: bool = False

    @property
    def line(self) -> str:
        """Under which name their number is kept: a card's is the same on every phone."""
        return f"card {self.card.visitor_key}" if self.card is not None else self.line_without_card

    @property
    def line_without_card(self) -> str:
        """Where their number stands if they marked themselves before they found their card."""
        return f"{self.phone} other" if self.is_other else self.phone


def said_of(who: As, people: People) -> dict[str, People]:
    """What each line says now. Whoever finds the card after marking without it is not counted twice; another family
    that marked itself with the same phone stays.
    """
    return {who.line_without_card: NOBODY, who.line: people}
