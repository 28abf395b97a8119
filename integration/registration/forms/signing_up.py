"""The forms of signing up, and of managing what one signed up for."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, IntegerField, StringField, TelField, TextAreaField
from wtforms.validators import NumberRange, ValidationError

from integration.kernel.tokens import random_token
from integration.registration.models import Household
from integration.registration.rules import (
    HELP_LENGTH,
    MOST_PEOPLE,
    NAME_LENGTH,
    People,
    forbidden_characters,
    has_something_to_read,
    without_forbidden,
)

TOKEN = re.compile(r"[A-Z2-7]{32}")
"""A form's one-time token is long and random: a short one could be another family's too."""
US, OTHER = "us", "other"
"""What an address says of for whom: a household that the phone remembers (us, us1, us2 ...), or another family."""


def tidy(text: str | None) -> str:
    """What was typed, composed (NFC), with plain line ends and nothing around it."""
    return unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").strip(" \t\n"))


class CountField(IntegerField):
    """A number of people; anything that is no number gets the same words as one out of range."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; say what to choose when it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_count_words()) from None


def _count_words() -> str:
    return str(_("Choose a number from 0 to 12."))


def count_field(label: Any, default: int = 0) -> CountField:
    """A stepper from none to as many as one sign-up takes."""
    return CountField(label, [NumberRange(0, MOST_PEOPLE, _l("Choose a number from 0 to 12."))], default=default)


class SignUpForm(FlaskForm):
    """A name to be called by and the number of places; everything else is optional.

    The age groups stand only where the activity asks for them.
    """

    form_token = HiddenField()
    name = StringField(_l("What shall we call you?"), filters=[tidy])
    adults = count_field(_l("How many adults?"), default=1)
    children = count_field(_l("How many children?"))
    children_0_6 = count_field(_l("Children aged 0–6"))
    children_7_12 = count_field(_l("Children aged 7–12"))
    children_13_17 = count_field(_l("Children aged 13–17"))
    phone = TelField(_l("Phone"), filters=[tidy])
    email = EmailField(_l("E-mail"), filters=[tidy])
    help = TextAreaField(_l("Do you need something?"), filters=[tidy])

    asks_age_groups = False
    known_name: str | None = None
    is_for_us = False
    """Whether a household that this phone remembers comes again."""

    def know(self, household: Household | None) -> None:
        """Whose sign-up it is: a household's that comes again, or a new one's."""
        self.is_for_us = household is not None
        self.known_name = household.name if household else None

    def ask(self, *, age_groups: bool) -> None:
        """Adapt the form to the activity."""
        self.asks_age_groups = age_groups
        if not age_groups:
            del self.children_0_6, self.children_7_12, self.children_13_17

    def renew_token(self) -> None:
        """Give a fresh form its one-time token; a form that comes back with a mistake keeps its own."""
        if not TOKEN.fullmatch(self.form_token.data or ""):
            self.form_token.data = random_token()

    def answers(self) -> dict[str, Any]:
        """What was answered of who comes and how to reach them, and the form's token; the number is ``people()``."""
        return {
            "name": self.name.data or "",
            "phone": self.phone_number,
            "email": self.email_address,
            "help": self.help.data,
            "form_token": self.form_token.data or "",
        }

    def people(self) -> People:
        """Who comes, as far as the answers are numbers."""
        adults = self.adults.data or 0
        if self.asks_age_groups and not self.children.data:
            groups = (self.children_0_6.data, self.children_7_12.data, self.children_13_17.data)
            return People.by_age(adults, *(count or 0 for count in groups))
        return People(adults, self.children.data or 0)

    def validate_form_token(self, field: HiddenField) -> None:
        """A form without its token could be counted twice."""
        if not TOKEN.fullmatch(field.data or ""):
            self.renew_token()
            raise ValidationError(_("The form did not arrive whole. Send it again."))

    def validate_name(self, field: StringField) -> None:
        """A name that can be read, of at most 120 characters."""
        name = field.data or ""
        if forbidden_characters(name):
            field.data = tidy(without_forbidden(name))
            raise ValidationError(
                _("The name had characters that cannot be shown. We took them out: check the name and send it again.")
            )
        if len(name) > NAME_LENGTH:
            raise ValidationError(_("The name is too long. Write at most %(most)s characters.", most=NAME_LENGTH))
        if self.is_for_us and name not in ("", self.known_name or name):
            raise ValidationError(
                _("This is not the name on this phone's card. Empty it, or choose “Sign up another family”.")
            )
        if not has_something_to_read(name) and not (self.is_for_us and self.known_name):
            raise ValidationError(_("Write a name. Any name will do."))

    def validate_adults(self, field: CountField) -> None:
        """Somebody comes, and no more than one sign-up takes."""
        if not field.raw_data:
            raise ValidationError(_count_words())
        if not self._counts_have_errors() and not self.people().is_possible:
            raise ValidationError(_("Choose 1 to 12 people in all. Are you more? Ring us."))

    def validate_phone(self, field: TelField) -> None:
        """Keep the number as it is dialled from anywhere (E.164); one without a country is Finnish."""
        if not field.data:
            return
        try:
            number = phonenumbers.parse(field.data[:40], "FI")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or len(field.data) > 40 or not phonenumbers.is_valid_number(number):
            self._show_readable(field)
            raise ValidationError(_("Check the phone number. Write it like this: 040 123 4567 or +358 40 123 4567."))
        self.phone_number = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def validate_email(self, field: EmailField) -> None:
        """An address that could exist; whether it does, only a message can tell."""
        if not field.data:
            return
        try:
            self.email_address = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError:
            self._show_readable(field)
            raise ValidationError(_("Check the e-mail address. Write it like this: name@example.com.")) from None

    def validate_help(self, field: TextAreaField) -> None:
        """A few lines that can be read."""
        text = field.data or ""
        if forbidden_characters(text, lines=True):
            field.data = tidy(without_forbidden(text, lines=True))
            raise ValidationError(
                _("The text had characters that cannot be shown. We took them out: check it and send it again.")
            )
        if len(text) > HELP_LENGTH:
            raise ValidationError(_("The text is too long. Write at most %(most)s characters.", most=HELP_LENGTH))

    phone_number: str | None = None
    email_address: str | None = None

    def _counts_have_errors(self) -> bool:
        return any(each.process_errors or not _in_range(each.data) for each in self if isinstance(each, CountField))

    @staticmethod
    def _show_readable(field: StringField) -> None:
        field.data = without_forbidden(field.data or "")


def _in_range(count: int | None) -> bool:
    return count is not None and 0 <= count <= MOST_PEOPLE


class CancelForm(FlaskForm):
    """Which of the household's registrations to give back."""

    registration = HiddenField()


class ConfirmForm(FlaskForm):
    """A button that does something: no answers, only the proof that the page itself sent it."""
