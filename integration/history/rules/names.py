"""What a spreadsheet's words can mean: activities, actions, meters, partners and languages by their names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from integration.history.rules.columns import plain
from integration.programme.models import IndicatorKind

NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class KnownAction:
    """An action of the programme, and the years in which it runs."""

    id: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """An indicator, and what a total of it may be."""

    id: int
    action_id: int
    kind: IndicatorKind
    unit: str
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Serving:
    """An activity serves an action of the programme from one date to another."""

    action_id: int
    starts_on: date
    ends_on: date | None

    def covers(self, on: date) -> bool:
        """Whether it does on this date."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that a file of one programme can speak of. Names are plain; one that means several leads to all."""

    activities: dict[str, frozenset[int]]
    actions: dict[str, frozenset[KnownAction]]
    indicators: dict[str, frozenset[KnownIndicator]]
    partners: dict[str, str]
    """Plain name > slug of the organisation."""
    serves: dict[int, tuple[Serving, ...]]
    """Activity id > the actions of this programme that it serves."""
    languages: dict[str, str] = field(default_factory=dict)
    """Plain name or code > code."""


def partner_slug(names: Names, name: str) -> tuple[str, bool]:
    """The organisation of this name, and whether it is one that nobody has spoken of before."""
    slug = slug_of(name)
    known = names.partners.get(plain(name)) or names.partners.get(slug)
    return (known, False) if known else (slug, True)


def slug_of(name: str) -> str:
    """A name as an address has it; of a name without Latin letters, a digest."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:NAME_LENGTH]
    return slug or f"organisation-{hashlib.sha256(plain(name).encode()).hexdigest()[:12]}"
