"""Asking which moment is meant where the clock skips or repeats an hour, and saying why a rule cannot be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from flask_babel import gettext as _

from integration.activities.errors import (
    RuleEndsBeforeItStarts,
    RuleHasNoDates,
    RuleNotWhole,
    RuleTooLong,
    TimeDoesNotExist,
    TimeExistsTwice,
)
from integration.i18n.dates import DOTTED, clock, day, short_date
from integration.i18n.routing import current_code

Unclear = (TimeDoesNotExist, TimeExistsTwice)
RuleRefused = (RuleTooLong, RuleEndsBeforeItStarts, RuleNotWhole, RuleHasNoDates)


@dataclass(frozen=True)
class TimeQuestion:
    """What is asked, and the answers: the moment that a form sends back, and its words."""

    title: str
    text: str
    answers: tuple[tuple[str, str], ...]


def time_question(refusal: TimeDoesNotExist | TimeExistsTwice) -> TimeQuestion:
    """The question in words."""
    facts = {"time": wall_clock(refusal.at), "day": day(refusal.on)}
    if isinstance(refusal, TimeDoesNotExist):
        return TimeQuestion(
            _("The clock never shows %(time)s on %(day)s.", **facts),
            _("Clocks are put forward that night and skip an hour. Which time do you mean?"),
            tuple((each.isoformat(), clock(each)) for each in refusal.suggestions),
        )
    first, second = refusal.choices
    return TimeQuestion(
        _("The clock shows %(time)s twice on %(day)s.", **facts),
        _("Clocks are put back that night and repeat an hour. Which time do you mean?"),
        (
            (first.isoformat(), _("The first: %(time)s, before the clocks are put back", time=clock(first))),
            (second.isoformat(), _("The second: %(time)s, an hour later", time=clock(second))),
        ),
    )


def wall_clock(at: time) -> str:
    """A time of day that belongs to no date yet: ``17.00`` or ``17:00``."""
    return at.strftime("%H.%M" if current_code() in DOTTED else "%H:%M")


def still_chosen(chosen: list[datetime], question: TimeQuestion | None) -> list[str]:
    """The answers given before, to send along with the next one."""
    asked = {value for value, _words in question.answers} if question else set()
    return [each.isoformat() for each in chosen if each.isoformat() not in asked]


def rule_words(refusal: Exception) -> tuple[str, str]:
    """The field at which a rule's refusal is told, and its words."""
    if isinstance(refusal, RuleTooLong):
        latest = short_date(refusal.latest_on)
        return "until_on", _("A series lasts at most 24 months: until %(day)s at the latest.", day=latest)
    if isinstance(refusal, RuleEndsBeforeItStarts):
        return "until_on", _("The last date must not be before the first.")
    if isinstance(refusal, RuleNotWhole):
        return refusal.part, _("Something is missing here.")
    return "frequency", _("There is no such date between the first and the last day, outside the pauses.")
