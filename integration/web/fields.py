"""Fields whose complaints say what to write instead, and which no input can make stumble."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, IntegerField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import TextInput

Value = TypeVar("Value")

FIRST_YEAR, LAST_YEAR = 2000, 2100
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What no keyboard writes and no database keeps: control characters other than tab and new line."""


def tidy(text: str | None) -> str:
    """What was typed, composed (NFC), with plain line ends, without unseen characters or blanks around it."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", plain)).strip()


def line(label: Any, most: int, *validators: Any) -> StringField:
    """One line of at most so many characters."""
    return StringField(label, [*validators, _at_most(most)], filters=[tidy])


def lines(label: Any, most: int, *validators: Any) -> TextAreaField:
    """Several lines of at most so many characters."""
    return TextAreaField(label, [*validators, _at_most(most)], filters=[tidy])


class WholeNumber(IntegerField):
    """A whole number; anything else is answered in words, and stays in the field as it was typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number, blanks around it forgiven."""
        try:
            super().process_formdata([each.strip()[:20] for each in valuelist])
        except ValueError:
            raise ValueError(_("Write a whole number, such as 20.")) from None


def given(value: Value | None) -> Value:
    """An answer that a valid form has; asking an invalid one for it is an error of ours."""
    if value is None:
        raise ValueError("asked for an answer before the form was found valid")
    return value


class Day(DateField):
    """A date, as the browser sends it or as people here write it; empty is None."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, [*validators, _in_our_time], format=["%Y-%m-%d", "%d.%m.%Y"], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the date."""
        try:
            super().process_formdata([each.strip()[:20] for each in valuelist if each.strip()])
        except ValueError:
            raise ValueError(_("Write the date like this: 24.11.2026.")) from None


class ClockTime(TimeField):
    """A time of day in 24 hours."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), format=["%H:%M", "%H.%M", "%H:%M:%S"], **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the time."""
        try:
            super().process_formdata([each.strip()[:20] for each in valuelist if each.strip()])
        except ValueError:
            raise ValueError(_("Write the time like this: 17:00.")) from None


class Moments(Field):
    """The moments that a person chose where the clock shows an hour twice or not at all; any number, in UTC."""

    data: list[datetime]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what is a moment; anything else is no answer, and the question is asked again."""
        self.data = [moment for moment in map(_moment, valuelist[:20]) if moment]

    def process_data(self, value: Any) -> None:
        """Nothing is chosen before it is asked."""
        self.data = list(value or [])


def needed(words: Any) -> InputRequired:
    """An answer that cannot be left out, and what to do about it."""
    return InputRequired(words)


def between(low: int, high: int) -> NumberRange:
    """A number within bounds, both included."""
    return NumberRange(low, high, _l("Write a number from %(low)s to %(high)s.", low=low, high=high))


def may_be_empty() -> Optional:
    """An answer that can be left out."""
    return Optional()


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("Shorten this to at most %(most)s characters.", most=most))


def _in_our_time(_form: Any, field: Field) -> None:
    if isinstance(field.data, date) and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Check the year."))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:40]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
