"""A year at a glance: what recurs becomes one line, what does not stands alone, and what collides is pointed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import mode

from integration.activities.models import SessionKind
from integration.kernel.clock import local_date
from integration.kernel.database import Texts

BIG = 50
"""Whatever has room for so many people is a big event, as every fair is."""
REGULAR = 4
"""So many dates in a year make a line; fewer stand one by one."""
_WEEK = 7
_MONTHLY = range(20, 46)
"""Days between two dates of something monthly, whichever weekday or date it keeps."""


@dataclass(frozen=True)
class YearSession:
    """One session as the year shows it; ``public`` unless only its own staff may know of it."""

    key: str
    activity_id: int
    starts_at: datetime
    ends_at: datetime
    local_on: date
    cancelled: bool
    kind: SessionKind
    title: Texts
    venue: Texts | None
    capacity: int | None
    public: bool

    @property
    def is_big(self) -> bool:
        """Whether two of these on one day take each other's visitors and staff."""
        return self.kind == SessionKind.FAIR or (self.capacity or 0) >= BIG

    @property
    def last_on(self) -> date:
        """The last date on which it goes on; one that ends at midnight does not reach the next."""
        return max(self.local_on, local_date(self.ends_at - timedelta(seconds=1)))


class Rhythm(StrEnum):
    """How often something recurs."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    OFTEN = "often"


@dataclass(frozen=True)
class Span:
    """From one date of a series to another, both included, without a long rest between."""

    first: date
    last: date

    @property
    def weeks(self) -> tuple[int, int] | None:
        """The ISO weeks of both ends; None where one of them belongs to another year than its date says."""
        ends = (self.first.isocalendar(), self.last.isocalendar())
        if (ends[0].year, ends[1].year) != (self.first.year, self.last.year):
            return None
        return ends[0].week, ends[1].week


@dataclass(frozen=True)
class Line:
    """An activity's regular dates of a year; ``weekday`` (0 Monday) is None where they fall on several."""

    activity_id: int
    rhythm: Rhythm
    weekday: int | None
    sessions: tuple[YearSession, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its stretches: a gap of more than three times its rhythm begins a new one."""
        longest = {Rhythm.WEEKLY: 3 * _WEEK, Rhythm.BIWEEKLY: 5 * _WEEK}.get(self.rhythm, 400)
        return _stretches(sorted({each.local_on for each in self.sessions}), longest)

    @property
    def times(self) -> int:
        """How often it is held, cancelled dates not counted."""
        return sum(not each.cancelled for each in self.sessions)

    @property
    def cancelled(self) -> tuple[date, ...]:
        """The dates that are cancelled."""
        return tuple(each.local_on for each in self.sessions if each.cancelled)

    @property
    def months(self) -> frozenset[int]:
        """The months in which it is held."""
        return frozenset(each.local_on.month for each in self.sessions if not each.cancelled)


@dataclass(frozen=True)
class Collision:
    """Big events that share a day, the first of them beginning on ``on``."""

    on: date
    sessions: tuple[YearSession, ...]


def arranged(sessions: Iterable[YearSession]) -> tuple[list[Line], list[YearSession]]:
    """The lines of what recurs, in the order in which they begin, and the rest one by one, by time."""
    lines: list[Line] = []
    alone: list[YearSession] = []
    for group in _by_activity(sessions).values():
        fairs = [each for each in group if each.kind == SessionKind.FAIR]
        found, rest = _lines([each for each in group if each.kind != SessionKind.FAIR])
        lines += found
        alone += fairs + rest
    return (
        sorted(lines, key=lambda line: (line.sessions[0].starts_at, line.activity_id)),
        sorted(alone, key=lambda each: (each.starts_at, each.key)),
    )


def collisions(sessions: Iterable[YearSession]) -> list[Collision]:
    """Where big events that are to be held share a day; overlapping in time means sharing one."""
    big = sorted((each for each in sessions if each.is_big and not each.cancelled), key=lambda each: each.starts_at)
    found: list[Collision] = []
    told: set[str] = set()
    for number, first in enumerate(big):
        together = (first, *(each for each in big[number + 1 :] if each.local_on <= first.last_on))
        keys = {each.key for each in together}
        if len(together) > 1 and not keys <= told:
            found.append(Collision(first.local_on, together))
            told = keys
    return found


def on_holidays(sessions: Iterable[YearSession], holidays: Collection[date]) -> list[YearSession]:
    """The big events that are to be held on a public holiday, were it only their last day."""
    return [each for each in sessions if each.is_big and not each.cancelled and _days(each) & set(holidays)]


def _by_activity(sessions: Iterable[YearSession]) -> dict[int, list[YearSession]]:
    groups: dict[int, list[YearSession]] = defaultdict(list)
    for each in sorted(sessions, key=lambda each: (each.starts_at, each.key)):
        groups[each.activity_id].append(each)
    return groups


def _lines(group: Sequence[YearSession]) -> tuple[list[Line], list[YearSession]]:
    """First what keeps a weekday every week or every second one, then whatever else comes often enough.

    A weekday kept now and then among many other dates is no rhythm: such an activity is one line.
    """
    weekly = [line for weekday in range(7) if (line := _weekly(group, weekday))]
    kept = {each.key for line in weekly for each in line.sessions}
    rest = [each for each in group if each.key not in kept]
    if len(rest) < REGULAR:
        return weekly, rest
    return ([*weekly, _other_line(rest)], []) if len(kept) > len(rest) else ([_other_line(group)], [])


def _weekly(group: Sequence[YearSession], weekday: int) -> Line | None:
    sessions = tuple(each for each in group if each.local_on.weekday() == weekday)
    dates = sorted({each.local_on for each in sessions})
    if len(dates) < REGULAR:
        return None
    usual = mode((later - earlier).days for earlier, later in pairwise(dates))
    rhythm = {_WEEK: Rhythm.WEEKLY, 2 * _WEEK: Rhythm.BIWEEKLY}.get(usual)
    return Line(sessions[0].activity_id, rhythm, weekday, sessions) if rhythm else None


def _other_line(sessions: Sequence[YearSession]) -> Line:
    dates = sorted({each.local_on for each in sessions})
    gaps = [(later - earlier).days for earlier, later in pairwise(dates)]
    monthly = bool(gaps) and sum(each in _MONTHLY for each in gaps) * 2 > len(gaps) and min(gaps) in _MONTHLY
    weekdays = {each.weekday() for each in dates}
    return Line(
        sessions[0].activity_id,
        Rhythm.MONTHLY if monthly else Rhythm.OFTEN,
        weekdays.pop() if len(weekdays) == 1 else None,
        tuple(sessions),
    )


def _stretches(dates: Sequence[date], longest_gap: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    for on in dates:
        if spans and (on - spans[-1].last).days <= longest_gap:
            spans[-1] = Span(spans[-1].first, on)
        else:
            spans.append(Span(on, on))
    return tuple(spans)


def _days(session: YearSession) -> set[date]:
    number = (session.last_on - session.local_on).days + 1
    return {session.local_on + timedelta(days=each) for each in range(number)}
