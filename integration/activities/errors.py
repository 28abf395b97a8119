"""Refusals around activities, their recurrence and their sessions."""

from __future__ import annotations

from datetime import date, datetime, time

from integration.kernel.errors import Refusal


class SessionFull(Refusal):
    """Fewer places are left than were asked for; nothing was taken, for no family is split (rule 13)."""

    def __init__(self, places_left: int) -> None:
        super().__init__(places_left)
        self.places_left = places_left


class TimeDoesNotExist(Refusal):
    """The city's clock never shows this time on this date: it skips an hour on the last Sunday of March.

    ``suggestions`` are the moments (UTC) an hour before and an hour after on the clock; a person chooses.
    """

    def __init__(self, on: date, at: time, suggestions: tuple[datetime, ...]) -> None:
        super().__init__(on, at)
        self.on = on
        self.at = at
        self.suggestions = suggestions


class TimeExistsTwice(Refusal):
    """The city's clock shows this time twice on this date: it repeats an hour on the last Sunday of October.

    ``choices`` are both moments (UTC), the earlier one first; a person chooses.
    """

    def __init__(self, on: date, at: time, choices: tuple[datetime, ...]) -> None:
        super().__init__(on, at)
        self.on = on
        self.at = at
        self.choices = choices


class RuleTooLong(Refusal):
    """A rule of recurrence ends more than 24 months after it starts; ``latest_on`` is the last day it may."""

    def __init__(self, until_on: date, latest_on: date) -> None:
        super().__init__(until_on, latest_on)
        self.until_on = until_on
        self.latest_on = latest_on


class RuleEndsBeforeItStarts(Refusal):
    """The last day of a rule or pause lies before its first."""


class RuleHasNoDates(Refusal):
    """Between its first and last day, outside exceptions and pauses, the rule meets no date at all."""


class RuleNotWhole(Refusal):
    """The rule lacks what its frequency needs; ``part`` names it: weekday, nth, month, interval or dates."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class SessionEndsBeforeItStarts(Refusal):
    """A session lasts at least a minute."""


class SensitiveTakesNoSignUp(Refusal):
    """A sensitive session keeps a headcount only: nobody signs up for it by card."""


class ActivityHasNoTitle(Refusal):
    """An activity needs a title in at least one language before it can be kept."""


class VenueHasNoName(Refusal):
    """A venue needs a name in at least one language before it can be kept."""


class SessionCancelledAlready(Refusal):
    """A cancelled session is restored before it is changed."""


class SlotsNeedSignUp(Refusal):
    """Individual times are booked: a drop-in or sensitive session has none."""


class SlotsOutside(Refusal):
    """An individual time would begin before its session or end after it."""


class SlotsCollide(Refusal):
    """At one desk a time would overlap another that is there already."""


class NothingToHang(Refusal):
    """An activity that nobody can look up has no poster: its code would lead nowhere."""
