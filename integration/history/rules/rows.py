"""What one row of a spreadsheet says, or what is wrong with it; every fault of a row is told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from integration.activities.models import LanguageSupport
from integration.history.rules.cells import (
    EMPTY,
    LONGEST,
    Cell,
    Unreadable,
    as_clock,
    as_day,
    as_list,
    as_people,
    as_value,
    as_year,
)
from integration.history.rules.columns import PEOPLE, plain
from integration.history.rules.names import KnownAction, KnownIndicator, Names, partner_slug
from integration.programme.models import IndicatorKind

Found = TypeVar("Found")

SOURCE_LENGTH = 300
SUPPORTS: dict[str, LanguageSupport] = {
    **dict.fromkeys(("interpreter", "tolk", "tulkki", "tulkkaus", "tolkning"), LanguageSupport.INTERPRETER),
    **dict.fromkeys(
        ("multilingual leader", "flerspråkig ledare", "monikielinen ohjaaja"), LanguageSupport.MULTILINGUAL_LEADER
    ),
    **dict.fromkeys(
        ("plain language", "lätt språk", "lättläst", "klarspråk", "selkokieli", "selkosuomi"),
        LanguageSupport.PLAIN_LANGUAGE,
    ),
    **dict.fromkeys(
        ("translated invitation", "översatt inbjudan", "käännetty kutsu"), LanguageSupport.TRANSLATED_INVITATION
    ),
}
SUMS = frozenset({"summa", "yhteensä", "yht", "totalt", "total", "totals", "sammanlagt", "sum"})
"""How a row begins that adds up those above it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: in which column, of what sort, and what the sentence about it needs."""

    column: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {"column": self.column, "code": self.code, "facts": self.facts}


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row as it was understood. ``subject``: what it is about, the same in every file that speaks of it."""

    number: int
    subject: str | None
    facts: dict[str, Any]
    source: str | None
    problems: tuple[Problem, ...] = ()
    partners: dict[str, str] = field(default_factory=dict)
    """Slug > name of organisations that are not known yet."""
    undivided: bool = False
    """Visits that nobody has told apart into adults and children."""

    def spoiled(self, problem: Problem) -> RowRead:
        """The same row with a fault that only a look at what is there can find."""
        return RowRead(self.number, None, {}, None, (*self.problems, problem))


class Reader:
    """Reads the cells of one row by the places of its columns and gathers what is wrong."""

    def __init__(self, places: dict[str, int], cells: Sequence[Cell]) -> None:
        self._places, self._cells = places, cells
        self.problems: list[Problem] = []

    def cell(self, column: str) -> Cell:
        """The column's cell in this row; an empty one where there is none."""
        place = self._places.get(column, len(self._cells))
        return self._cells[place] if place < len(self._cells) else EMPTY

    def text(self, column: str) -> str:
        """The column's text; one that is far too long is a fault."""
        text = self.cell(column).text
        if len(text) > LONGEST:
            self.fault(column, "long", most=LONGEST)
            return ""
        return text

    def read(self, column: str, how: Callable[[Cell], Found]) -> Found | None:
        """The column's value; None and a fault when it is something else."""
        cell = self.cell(column)
        try:
            return how(cell)
        except Unreadable as problem:
            text = cell.text
            self.fault(column, "empty" if not text else str(problem), text=text[:40])
            return None

    def fault(self, column: str, code: str, **facts: Any) -> None:
        """Remember what is wrong."""
        self.problems.append(Problem(column, code, facts))

    def named(self, column: str, known: dict[str, frozenset[Found]]) -> Found | None:
        """What the column's text names; None when it is empty or unclear."""
        text = self.text(column)
        if not text:
            return None
        found = known.get(plain(text), frozenset())
        if len(found) == 1:
            return next(iter(found))
        self.fault(column, "ambiguous" if found else "unknown", text=text[:80])
        return None


def read_session(number: int, cells: Sequence[Cell], places: dict[str, int], names: Names, today: date) -> RowRead:
    """A row about one session that was held."""
    row = Reader(places, cells)
    if summed := _adds_up(row, ("on", "activity", "action"), PEOPLE):
        return RowRead(number, None, {}, None, (Problem(summed, "sum_row"),))
    on = row.read("on", as_day)
    if on is not None and on >= today:
        row.fault("on", "ahead")
    clock = row.read("time", as_clock)
    activity, action = _what_for(row, names, on)
    adults, children, undivided = _people(row)
    languages, support = _languages(row, names)
    partners, unknown = _partners(row, names)
    venue, source = row.text("venue"), row.text("source")
    if row.problems or on is None:
        return RowRead(number, None, {}, None, tuple(row.problems))
    at = clock.isoformat("minutes") if clock else None
    facts = {
        "on": on.isoformat(),
        "time": at,
        "activity": activity,
        "action": action,
        "venue": venue or None,
        "adults": adults,
        "children": children,
        "partners": sorted(partners),
        "languages": sorted(languages),
        "support": sorted(support),
    }
    subject = _subject("session", on, activity or "", action or "", plain(venue), at or "")
    return RowRead(number, subject, facts, source[:SOURCE_LENGTH] or None, (), unknown, undivided)


def read_total(number: int, cells: Sequence[Cell], places: dict[str, int], names: Names, today: date) -> RowRead:
    """A row about one indicator's value in one year."""
    row = Reader(places, cells)
    if summed := _adds_up(row, ("action", "indicator", "year"), ("value",)):
        return RowRead(number, None, {}, None, (Problem(summed, "sum_row"),))
    indicator = _indicator(row, names)
    year = row.read("year", as_year)
    if year is not None and year > today.year:
        row.fault("year", "ahead")
    elif year is not None and indicator and not indicator.first_year <= year <= indicator.last_year:
        row.fault("year", "outside", first=indicator.first_year, last=indicator.last_year)
    milestone = indicator is not None and indicator.kind is IndicatorKind.MILESTONE
    unit = indicator.unit if indicator else "count"
    value = row.read("value", lambda cell: as_value(cell, unit, milestone=milestone))
    if value is not None and value.on is not None and (value.on > today or (year and value.on.year > year)):
        row.fault("value", "ahead")
    source = row.text("source")
    if row.problems or indicator is None or year is None or value is None:
        return RowRead(number, None, {}, None, tuple(row.problems))
    facts = {
        "indicator": indicator.id,
        "year": year,
        "value": value.number,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "on": value.on.isoformat() if value.on else None,
    }
    return RowRead(number, _subject("total", indicator.id, year), facts, source[:SOURCE_LENGTH] or None)


def _adds_up(row: Reader, names: Sequence[str], numbers: Sequence[str]) -> str | None:
    """The column that shows that this is the sum under a table: it says so, or holds a number without any name."""
    texts = {name: plain(row.cell(name).text) for name in names}
    if not any(texts.values()):
        return next((name for name in numbers if row.cell(name).text), None)
    return next((name for name, text in texts.items() if text.partition(" ")[0].rstrip(":.") in SUMS), None)


def _what_for(row: Reader, names: Names, on: date | None) -> tuple[int | None, int | None]:
    """The activity that the row is about, else the action: where both stand, the activity says it better."""
    if row.text("activity"):
        activity: int | None = row.named("activity", names.activities)
        if activity is not None and on is not None and not _serves(names, activity, on):
            row.fault("activity", "serves_nothing", on=on.isoformat())
        return activity, None
    action: KnownAction | None = row.named("action", names.actions)
    if action is None:
        if not row.text("action"):
            row.fault("activity", "empty")
        return None, None
    if on is not None and not action.first_year <= on.year <= action.last_year:
        row.fault("action", "outside", first=action.first_year, last=action.last_year)
    return None, action.id


def _serves(names: Names, activity: int, on: date) -> bool:
    return any(each.covers(on) for each in names.serves.get(activity, ()))


def _people(row: Reader) -> tuple[int, int, bool]:
    """Adults and children. Without a division all count as adults, and the preview says so."""
    before = len(row.problems)
    visits, adults, children = (row.read(name, as_people) for name in PEOPLE)
    if len(row.problems) > before:
        return 0, 0, False
    if visits is None:
        if adults is None and children is None:
            row.fault("visits", "nobody_counted")
        return adults or 0, children or 0, False
    if adults is None and children is None:
        return visits, 0, visits > 0
    adults = visits - (children or 0) if adults is None else adults
    children = visits - adults if children is None else children
    if adults < 0 or children < 0 or adults + children != visits:
        row.fault("visits", "sum", visits=visits, adults=max(adults, 0), children=max(children, 0))
    return adults, children, False


def _languages(row: Reader, names: Names) -> tuple[set[str], set[str]]:
    """The languages that were spoken, and what else secured language."""
    languages, support = set(), set()
    for word in as_list(row.cell("languages")) if row.text("languages") else ():
        if plain(word) in SUPPORTS:
            support.add(SUPPORTS[plain(word)].value)
        elif plain(word) in names.languages:
            languages.add(names.languages[plain(word)])
        else:
            row.fault("languages", "unknown", text=word[:40])
    return languages, support


def _partners(row: Reader, names: Names) -> tuple[set[str], dict[str, str]]:
    slugs, unknown = set(), {}
    for name in as_list(row.cell("partners")) if row.text("partners") else ():
        slug, new = partner_slug(names, name)
        slugs.add(slug)
        if new:
            unknown[slug] = name[:200]
    return slugs, unknown


def _indicator(row: Reader, names: Names) -> KnownIndicator | None:
    """The indicator; its action tells apart those of the same name."""
    action: KnownAction | None = row.named("action", names.actions)
    text = row.text("indicator")
    if not text:
        row.fault("indicator", "empty")
        return None
    found = names.indicators.get(plain(text), frozenset())
    of_action = {each for each in found if action is None or each.action_id == action.id}
    if len(of_action) == 1:
        return next(iter(of_action))
    if of_action:
        row.fault("indicator", "ambiguous", text=text[:80])
    else:
        row.fault("indicator", "of_another_action" if found and action else "unknown", text=text[:80])
    return None


def _subject(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
