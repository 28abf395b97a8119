"""A programme file as flat records, one for each row that it describes, each above those that stand under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from integration.programme.programme_file.entries import (
    ActionEntry,
    DomainEntry,
    GoalEntry,
    IndicatorEntry,
    LineEntry,
    ProgrammeEntry,
)

Content = dict[str, Any]


class Level(StrEnum):
    """The levels of a programme, from the top."""

    PROGRAMME = "programme"
    DOMAIN = "domain"
    GOAL = "goal"
    ACTION = "action"
    LINE = "line"
    INDICATOR = "indicator"


NESTED = ("organisations", "domains", "goals", "actions", "lines", "indicators")
DETAILS = ("parties", "targets")


@dataclass(frozen=True)
class Record:
    """One row: its columns, and the small rows that belong to it (parties of an action, targets of an indicator)."""

    level: Level
    slug: str
    parent: str
    position: int
    content: Content
    details: list[Content]

    @property
    def name(self) -> str:
        """The record as people are told of it."""
        return f"{self.level} {self.slug}"


Entry = ProgrammeEntry | DomainEntry | GoalEntry | ActionEntry | LineEntry | IndicatorEntry


def records(document: ProgrammeEntry) -> dict[Level, list[Record]]:
    """Every record of a file, by level."""
    found: dict[Level, list[Record]] = {level: [] for level in Level}
    for level, entry, parent in _walk(document):
        found[level].append(_record(level, entry, parent, len(found[level])))
    return found


def _walk(document: ProgrammeEntry) -> Iterator[tuple[Level, Entry, str]]:
    yield Level.PROGRAMME, document, ""
    for domain in document.domains:
        yield Level.DOMAIN, domain, document.slug
        for goal in domain.goals:
            yield Level.GOAL, goal, domain.slug
            for action in goal.actions:
                yield Level.ACTION, action, goal.slug
                for line in action.lines:
                    yield Level.LINE, line, action.slug
                    for indicator in line.indicators:
                        yield Level.INDICATOR, indicator, line.slug


def _record(level: Level, entry: Entry, parent: str, position: int) -> Record:
    columns = {
        name: getattr(entry, name)
        for name in entry.__dataclass_fields__
        if name != "slug" and name not in (*NESTED, *DETAILS)
    }
    details = [asdict(each) for name in DETAILS for each in getattr(entry, name, ())]
    return Record(level, entry.slug, parent, position, columns, details)
