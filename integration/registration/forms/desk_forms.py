"""Forms of the desk that hands cards out."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import NumberRange, ValidationError

from integration.i18n.languages import ENDONYMS
from integration.registration.cards import SAY_AND_SHOW, is_short_code, normalized
from integration.registration.forms.signing_up import SignUpForm, tidy

MOST_CARDS = 100
"""So many blank cards are printed at one go: ten sheets."""


LANGUAGES = [SelectChoice(code, ENDONYMS[code]) for code in SAY_AND_SHOW]
"""What a printed card can say."""


class HandOutForm(FlaskForm):
    """Nothing has to be typed: a card needs neither a name nor a contact."""

    language = SelectField(_l("Language of the card"), choices=LANGUAGES)
    name = StringField(_l("What shall we call you?"), filters=[tidy])
    phone = SignUpForm.phone
    email = SignUpForm.email

    phone_number: str | None = None
    email_address: str | None = None
    validate_phone = SignUpForm.validate_phone
    validate_email = SignUpForm.validate_email
    _show_readable = staticmethod(SignUpForm._show_readable)

    def validate_name(self, field: StringField) -> None:
        """At most 120 characters."""
        if len(field.data or "") > 120:
            raise ValidationError(_("The name is too long. Write at most %(most)s characters.", most=120))


class NameForm(HandOutForm):
    """What a household says of itself at a desk, later than its card."""

    language = SelectField(_l("Language of the card and of messages"), choices=LANGUAGES)


class StackForm(FlaskForm):
    """How many blank cards to print in advance."""

    count = IntegerField(
        _l("How many cards?"), [NumberRange(1, MOST_CARDS, _l("Choose a number from 1 to 100."))], default=10
    )
    stack_language = SelectField(_l("Language of the cards"), choices=LANGUAGES)


class FindCardForm(FlaskForm):
    """The code that stands on the card, or what a scanner reads from its QR."""

    code = StringField(_l("The card's code"), filters=[tidy])

    @property
    def typed(self) -> str:
        """The code without spaces; of a QR's address the last part."""
        return normalized((self.code.data or "").rsplit("/", 1)[-1])

    def validate_code(self, _field: StringField) -> None:
        """Nine letters of which the last one checks the others, or the QR's own code."""
        if not is_short_code(self.typed) and len(self.typed) != 26:
            raise ValidationError(_("That is no card's code. Check each letter."))


class ReplaceForm(FlaskForm):
    """Which issue of the card is lost: pressing twice replaces once."""

    issue = HiddenField()
