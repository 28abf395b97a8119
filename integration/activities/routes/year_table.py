"""A year in words: how a line recurs, and the whole as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from integration.activities.forms.words import KINDS
from integration.activities.models import Activity
from integration.activities.rules import Line, Rhythm, YearSession, collisions, on_holidays
from integration.i18n.dates import clock, time_range, weekday
from integration.i18n.languages import language
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import Texts
from integration.organisations.models import Organisation

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula (OWASP, CSV injection)."""


@dataclass(frozen=True)
class Rest:
    """A pause, and the titles of the activities that rest then."""

    starts_on: date
    ends_on: date
    reason: Texts
    titles: list[Texts]


@dataclass(frozen=True)
class YearTable:
    """A year as one reader may see it; ``organisations`` are the partners, known to staff only."""

    year: int
    sessions: Sequence[YearSession]
    activities: Mapping[int, Activity]
    organisations: Mapping[int, Organisation]
    rests: Sequence[Rest]
    holidays: Mapping[date, Texts]

    def partners(self, activity: Activity) -> list[Organisation]:
        """The organisations that take part in preparing an activity."""
        found = (self.organisations.get(each.organisation_id) for each in activity.partners)
        return [each for each in found if each]

    def rhythm(self, line: Line) -> str:
        """How a line recurs: "every Tuesday"."""
        name = weekday(line.sessions[0].local_on) if line.weekday is not None else ""
        if line.rhythm == Rhythm.WEEKLY:
            # NOTE: how often something is held, e.g. "every Tuesday"
            return str(_("every %(weekday)s", weekday=name))
        if line.rhythm == Rhythm.BIWEEKLY:
            return str(_("every second %(weekday)s", weekday=name))
        if line.rhythm == Rhythm.MONTHLY:
            return str(_("once a month (%(weekday)s)", weekday=name) if name else _("once a month"))
        return str(_("on several dates (%(weekday)s)", weekday=name) if name else _("on several dates"))

    def span(self, line: Line) -> str:
        """From when to when: "weeks 2–22, 34–50"; dates where weeks would mislead."""
        spans, regular = line.spans, line.rhythm in (Rhythm.WEEKLY, Rhythm.BIWEEKLY)
        weeks = [each.weeks for each in spans]
        if not regular or None in weeks:
            return _in_order(", ".join(day_range(each.first, each.last) for each in spans))
        texts = (f"{each[0]}" if each[0] == each[1] else f"{each[0]}–{each[1]}" for each in weeks if each)
        return str(_("weeks %(weeks)s", weeks=_in_order(", ".join(texts))))

    def times(self, line: Line) -> str:
        """The time of day, where it is always the same."""
        ranges = {time_range(each.starts_at, each.ends_at) for each in line.sessions}
        return ranges.pop() if len(ranges) == 1 else ""


def day_range(first: date, last: date) -> str:
    """Dates of one year in figures: ``7.1.–27.5.``."""
    return day_figures(first) if first == last else f"{day_figures(first)}–{day_figures(last)}"


def _in_order(figures: str) -> str:
    """Where writing runs from the right, spans in figures still read from the left (isolated, UAX 9)."""
    return f"\u2066{figures}\u2069" if language(current_code()).direction == "rtl" else figures


def day_figures(on: date) -> str:
    """A date in figures without its year: ``7.1.``."""
    return f"{on.day}.{on.month}."


def csv_text(table: YearTable) -> str:
    """RFC 4180, commas, in the reader's language; a field that looks like a formula is made text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_head())
    for row in sorted([*_session_rows(table), *_holiday_rows(table), *_rest_rows(table)], key=lambda row: row[:3]):
        writer.writerow([f"'{field}" if field.startswith(FORMULA_STARTS) else field for field in row])
    return out.getvalue()


def _head() -> list[str]:
    return [
        _("Date"),
        _("Begins at"),
        _("Ends at"),
        _("Weekday"),
        _("What"),
        _("Kind"),
        _("Prepared by"),
        _("Partners"),
        _("Place"),
        _("State"),
        _("To look at"),
    ]


def _session_rows(table: YearTable) -> Iterator[list[str]]:
    notes = _notes(table)
    for each in table.sessions:
        activity = table.activities[each.activity_id]
        yield [
            each.local_on.isoformat(),
            clock(each.starts_at),
            clock(each.ends_at),
            weekday(each.local_on),
            _text(each.title),
            str(KINDS[each.kind]),
            _text(activity.organisation.name),
            ", ".join(_text(partner.name) for partner in table.partners(activity)),
            _text(each.venue),
            _("Cancelled") if each.cancelled else _("Planned") if each.public else _("Not public"),
            "; ".join(notes.get(each.key, ())),
        ]


def _notes(table: YearTable) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for collision in collisions(table.sessions):
        for each in collision.sessions:
            others = ", ".join(_text(other.title) for other in collision.sessions if other is not each)
            notes.setdefault(each.key, []).append(_("The same day: %(titles)s", titles=others))
    for each in on_holidays(table.sessions, table.holidays):
        notes.setdefault(each.key, []).append(_("On a public holiday"))
    return notes


def _holiday_rows(table: YearTable) -> Iterator[list[str]]:
    for on, name in table.holidays.items():
        yield [on.isoformat(), "", "", weekday(on), _text(name), _("Public holiday"), *[""] * 5]


def _rest_rows(table: YearTable) -> Iterator[list[str]]:
    for each in table.rests:
        for title in each.titles:
            until = _("Until %(day)s", day=each.ends_on.isoformat())
            row = [each.starts_on.isoformat(), "", "", weekday(each.starts_on), _text(title), _("Pause")]
            yield [*row, "", "", "", until, _text(each.reason)]


def _text(texts: Texts | None) -> str:
    """The reader's text, without the soft hyphens that only a narrow column needs."""
    return localize(texts, current_code()).text.replace("\xad", "")
