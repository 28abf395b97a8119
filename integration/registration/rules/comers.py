"""The organiser's list as plain values: who comes or waits, in which order, whom a search finds, who is twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class ComerState(StrEnum):
    """Whether somebody has places, waits for some, or has an offer to answer."""

    COMES = "comes"
    OFFERED = "offered"
    WAITS = "waits"


class Order(StrEnum):
    """How the list may stand."""

    NAME = "name"
    TIME = "time"
    PEOPLE = "people"
    STATE = "state"


class Need(StrEnum):
    """What people ask for in words of their own, as far as the words tell."""

    INTERPRETER = "interpreter"
    STEP_FREE = "step_free"
    CHILDCARE = "childcare"
    OTHER = "other"


class Why(StrEnum):
    """What two sign-ups at one session have in common."""

    PHONE = "phone"
    EMAIL = "email"
    DEVICE = "device"


@dataclass(frozen=True)
class Double:
    """Another sign-up that is perhaps the same family's."""

    id: int
    name: str | None
    why: Why


@dataclass(frozen=True)
class Comer:
    """One line of the list: a household that comes or waits, or a group."""

    id: int
    state: ComerState
    name: str | None
    adults: int
    children: int
    at: datetime
    language: str
    household_id: int | None = None
    phone: str | None = None
    email: str | None = None
    help: str | None = None
    children_0_6: int = 0
    children_7_12: int = 0
    children_13_17: int = 0
    is_group: bool = False
    is_increase: bool = False
    in_series: bool = False
    slot_at: datetime | None = None
    slot_language: str | None = None
    offer_expires_at: datetime | None = None
    doubles: tuple[Double, ...] = ()

    @property
    def people(self) -> int:
        """How many they are."""
        return self.adults + self.children


_NEEDS = (
    (Need.INTERPRETER, re.compile(r"tolk|tulk|interpret|translat|översätt|översatt|käännö")),
    (
        Need.STEP_FREE,
        re.compile(r"rullstol|rollator|trapp|trösk|hiss|pyörätuol|esteett|portai|rappu|wheelchair|step|stair|lift"),
    ),
    (
        Need.CHILDCARE,
        re.compile(r"barnpass|barnvakt|barnskö|lastenhoi|lapsenvah|childcare|child care|babysit"),
    ),
)
_NORTHERN = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
"""In Swedish and Finnish å, ä and ö stand after z, and so do these signs."""
_STATES = (ComerState.COMES, ComerState.OFFERED, ComerState.WAITS)


def ordered(comers: Iterable[Comer], order: Order) -> list[Comer]:
    """The list in this order; within it by name, and at last by when they signed up."""
    by_name = sorted(comers, key=lambda each: (_name_key(each.name), each.at, each.id))
    if order is Order.TIME:
        return sorted(by_name, key=lambda each: (each.at, each.id))
    if order is Order.PEOPLE:
        return sorted(by_name, key=lambda each: -each.people)
    if order is Order.STATE:
        return sorted(by_name, key=lambda each: (_STATES.index(each.state), each.at))
    return by_name


def found(comers: Iterable[Comer], words: str) -> list[Comer]:
    """Those in whose name, phone or needs every word stands, whatever its accents and capitals."""
    wanted = _plain(words).split()
    return [each for each in comers if all(_has(each, word) for word in wanted)]


def needs_of(text: str | None) -> frozenset[Need]:
    """What somebody asks for; words that tell nothing known are something else, nothing written is nothing."""
    if not text:
        return frozenset()
    plain = text.casefold()
    return frozenset(need for need, words in _NEEDS if words.search(plain)) or frozenset({Need.OTHER})


def needs_summed(comers: Iterable[Comer]) -> list[tuple[Need, int]]:
    """How many of those who come ask for what, in a fixed order."""
    counts = Counter(need for each in comers if each.state is ComerState.COMES for need in needs_of(each.help))
    return [(need, counts[need]) for need in Need if counts[need]]


def with_doubles(comers: Sequence[Comer], shared: Iterable[tuple[int, int]]) -> list[Comer]:
    """Mark who shares phone, e-mail or device with another; ``shared`` are pairs of household ids."""
    pairs = {frozenset(pair) for pair in shared}
    return [replace(each, doubles=tuple(_doubles_of(each, comers, pairs))) for each in comers]


def formula_safe(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula (OWASP, CSV injection): an apostrophe makes it plain text."""
    risky = text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    return f"'{text}" if risky else text


def _doubles_of(one: Comer, comers: Sequence[Comer], pairs: set[frozenset[int]]) -> Iterable[Double]:
    for other in comers:
        why = _shared(one, other, pairs)
        if why is not None:
            yield Double(other.id, other.name, why)


def _shared(one: Comer, other: Comer, pairs: set[frozenset[int]]) -> Why | None:
    if one.id == other.id or one.household_id is None or one.household_id == other.household_id:
        return None
    if one.phone and one.phone == other.phone:
        return Why.PHONE
    if one.email and one.email.casefold() == (other.email or "").casefold():
        return Why.EMAIL
    if other.household_id is not None and frozenset({one.household_id, other.household_id}) in pairs:
        return Why.DEVICE
    return None


def _has(comer: Comer, word: str) -> bool:
    digits = re.sub(r"\D", "", word)
    if digits and re.sub(r"[\d\s()+-]", "", word) == "":
        return digits.removeprefix("0") in (comer.phone or "")
    return word in _plain(f"{comer.name or ''} {comer.help or ''} {comer.email or ''}")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _name_key(name: str | None) -> tuple[bool, str]:
    text = unicodedata.normalize("NFC", name or "").casefold()
    kept = text.translate(_NORTHERN)
    return not text, _plain(kept)
