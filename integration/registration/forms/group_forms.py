"""The forms of groups and of stands: somebody who answers for others, so a way to reach them is needed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from integration.organisations.models import OrganisationKind
from integration.registration.forms.signing_up import SignUpForm, tidy
from integration.registration.rules import NAME_LENGTH, forbidden_characters, has_something_to_read
from integration.registration.rules.groups import MOST_IN_GROUP


class People(IntegerField):
    """How many of a group; an empty field is nobody."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; say what to write when it is none."""
        typed = (valuelist[0] if valuelist else "").strip()[:20]
        try:
            self.data = int(typed) if typed else 0
        except ValueError:
            self.data = None
            raise ValueError(_("Write a whole number, such as 20.")) from None


class _ContactForm(SignUpForm):
    """What a group and a stand have in common: a name, a phone or an e-mail, and what they need."""

    adults: Any = None
    children: Any = None
    children_0_6 = None  # type: ignore[assignment]  # how a form leaves out a field of the one it builds on
    children_7_12 = None  # type: ignore[assignment]
    children_13_17 = None  # type: ignore[assignment]

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: one way to reach them."""
        valid = bool(super().validate(extra_validators))
        if not self.phone.data and not self.email.data:
            self.phone.errors = [_("Write a phone number or an e-mail address, so that we can reach you.")]
            return False
        return valid


class GroupForm(_ContactForm):
    """A class or another group: what it is called, how many, and who answers for it."""

    name = StringField(_l("What is the group called?"), filters=[tidy])
    adults = People(_l("Adults"), default=0)
    children = People(_l("Children under 18"), default=0)
    contact_name = StringField(_l("Who answers for the group?"), filters=[tidy])
    help = TextAreaField(_l("Does the group need something?"), filters=[tidy])

    def validate_adults(self, _field: Field) -> None:
        """Somebody comes, and not a whole town."""
        adults, children = self.adults.data, self.children.data
        if adults is None or children is None:
            return
        if min(adults, children) < 0 or not 1 <= adults + children <= MOST_IN_GROUP:
            raise ValidationError(_("Write how many you are, from 1 to %(most)s.", most=MOST_IN_GROUP))

    def validate_contact_name(self, field: StringField) -> None:
        """A name that can be read."""
        _require_readable(field)


class StandForm(_ContactForm):
    """An association or an employer asks for a stand."""

    name = StringField(_l("Name of the association or employer"), filters=[tidy])
    contact_role = StringField(_l("Whom do we talk to? A role is enough"), filters=[tidy])
    help = TextAreaField(_l("What do you need? For example a table or electricity"), filters=[tidy])

    def validate_contact_role(self, field: StringField) -> None:
        """A role that can be read."""
        _require_readable(field)


class GroupNumberForm(FlaskForm):
    """How many of a group come after all."""

    adults = People(_l("Adults"), default=0)
    children = People(_l("Children under 18"), default=0)


class StandAnswerForm(FlaskForm):
    """Which organisation asks for the stand: one that is known, or a new one of some kind."""

    organisation_id = SelectField(_l("Which organisation is it?"), coerce=int)
    kind = SelectField(_l("If it is new, what is it?"), default=OrganisationKind.ASSOCIATION.value)


def _require_readable(field: StringField) -> None:
    text = field.data or ""
    if not has_something_to_read(text) or forbidden_characters(text) or len(text) > NAME_LENGTH:
        raise ValidationError(_("Write this in at most %(most)s characters.", most=NAME_LENGTH))
