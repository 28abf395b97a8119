"""The form that repeats an activity, in two steps: the rule, then its dates with a tick beside each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from integration.activities.forms.words import MONTHS, NTHS, WEEKDAYS, choices, listed
from integration.activities.models import Frequency
from integration.activities.rules import Recurrence
from integration.i18n.dates import day
from integration.web.fields import (
    ClockTime,
    Day,
    Moments,
    WholeNumber,
    between,
    given,
    lines,
    may_be_empty,
    needed,
)

YEARLY_DATE = "yearly_date"
FREQUENCIES = listed(
    [
        (Frequency.WEEKLY.value, _l("Every week, or every so many weeks")),
        (Frequency.MONTHLY.value, _l("Every month on a certain weekday, such as the last Thursday")),
        (Frequency.YEARLY.value, _l("Every year on a certain weekday of a month")),
        (YEARLY_DATE, _l("Every year on the date of the first day")),
        (Frequency.BY_HAND.value, _l("On the dates that I write down")),
    ]
)
AS_FIRST_DAY = listed([("", _l("As the first day"))])
SEVERAL_DATES = 3000


class RepeatForm(FlaskForm):
    """How an activity recurs. What is left out is read off the first day."""

    frequency = RadioField(
        _l("How often?"), [InputRequired(_l("Choose how often."))], choices=FREQUENCIES, default=Frequency.WEEKLY.value
    )
    interval = WholeNumber(_l("Every how many weeks or months"), [may_be_empty(), between(1, 52)], default=1)
    weekday = SelectField(_l("Weekday"), default="", choices=AS_FIRST_DAY + listed(enumerate(WEEKDAYS)))
    nth = SelectField(_l("Which one of the month"), default="", choices=AS_FIRST_DAY + choices(NTHS))
    month = SelectField(_l("Month"), default="", choices=AS_FIRST_DAY + listed(enumerate(MONTHS, 1)))
    starts_on = Day(_l("First day"))
    until_on = Day(_l("Last day"))
    at = ClockTime(_l("Begins at"), [needed(_l("Write when it begins."))])
    dates = lines(_l("The dates, one on each line"), SEVERAL_DATES)
    pause_from = Day(_l("Pause from"))
    pause_until = Day(_l("Pause until"))
    chosen = Moments()
    keep = SelectMultipleField(_l("Dates"), coerce=date.fromisoformat, validate_choice=False)

    def recurrence(self) -> Recurrence:
        """The rule as written; the rules of the domain say whether it can be kept."""
        frequency = self.frequency.data
        dates = self.written_dates() if frequency == Frequency.BY_HAND else ()
        starts_on = min(dates) if dates else given(self.starts_on.data)
        return Recurrence(
            frequency=Frequency.YEARLY if frequency == YEARLY_DATE else Frequency(frequency),
            starts_on=starts_on,
            until_on=max(dates) if dates else given(self.until_on.data),
            at=given(self.at.data),
            interval=self.interval.data or 1,
            weekday=_number(self.weekday.data, starts_on.weekday()) if self._by_weekday() else None,
            nth=_number(self.nth.data, nth_of(starts_on)) if self._by_nth() else None,
            month=_number(self.month.data, starts_on.month) if frequency == Frequency.YEARLY else None,
            dates=dates,
        )

    def written_dates(self) -> tuple[date, ...]:
        """The dates written by hand; ValueError for a line that is none."""
        return tuple(_read_date(each) for each in (self.dates.data or "").split("\n") if each.strip())

    def offer_dates(self, dates: Sequence[date]) -> None:
        """Show the dates that the rule means, all of them ticked at first."""
        self.keep.choices = listed((each.isoformat(), f"{day(each)} {each.year}") for each in dates)
        self.keep.data = list(self.keep.data or dates)

    def exceptions(self, dates: Sequence[date]) -> list[date]:
        """The dates whose tick was taken away."""
        kept = set(self.keep.data or ())
        return [each for each in dates if each not in kept]

    def validate_starts_on(self, field: Any) -> None:
        """A rule begins some day; dates by hand begin with the first of them."""
        if field.data is None and not field.errors and self.frequency.data != Frequency.BY_HAND:
            raise ValidationError(_("Write the first day."))

    def validate_until_on(self, field: Any) -> None:
        """A rule ends some day; dates by hand end with the last of them."""
        if field.data is None and not field.errors and self.frequency.data != Frequency.BY_HAND:
            raise ValidationError(_("Write the last day."))

    def validate_dates(self, field: Any) -> None:
        """Dates by hand can be read, and there is one."""
        if self.frequency.data != Frequency.BY_HAND:
            return
        try:
            dates = self.written_dates()
        except ValueError:
            raise ValidationError(_("Write one date on each line, like this: 24.11.2026.")) from None
        if not dates:
            raise ValidationError(_("Write at least one date."))

    def validate_pause_until(self, field: Any) -> None:
        """A pause has both ends, in their order."""
        if bool(field.data) != bool(self.pause_from.data):
            raise ValidationError(_("Write both the first and the last day of the pause."))
        if field.data and field.data < self.pause_from.data:
            raise ValidationError(_("The last date must not be before the first."))

    def _by_weekday(self) -> bool:
        return self.frequency.data in (Frequency.WEEKLY, Frequency.MONTHLY, Frequency.YEARLY)

    def _by_nth(self) -> bool:
        return self.frequency.data in (Frequency.MONTHLY, Frequency.YEARLY)


def nth_of(on: date) -> int:
    """Which of its weekday in the month this date is; the fifth is the last, for not every month has one."""
    nth = (on.day - 1) // 7 + 1
    return nth if nth <= 4 else -1


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text else otherwise


def _read_date(text: str) -> date:
    text = text.strip()
    parts = text.split(".")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        text = f"{int(parts[2]):04d}-{int(parts[1]):02d}-{int(parts[0]):02d}"
    read = date.fromisoformat(text)
    if not 2000 <= read.year <= 2100:
        raise ValueError(text)
    return read
