"""Forms of the door and of closing; what they say is checked by the services."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import Length, NumberRange, Optional

from integration.checkin.rules import MOST_HEADS

MOST_HERE = 12
"""A larger group is counted by the organiser."""
OTHERS, OWN_CARD = "other", "card"
"""As whom a phone marks people besides those it remembers: another family, or whoever's code was typed."""


class OpenDoorForm(FlaskForm):
    """Only the button."""


class LinkForm(FlaskForm):
    """What the next phone at the door may do."""

    may_search = BooleanField(_l("It may find people by name"))


class DoorForm(FlaskForm):
    """A door's name, and what its phone may do."""

    # NOTE: the name of a door, such as "A" or "north"
    name = StringField(_l("Name of the door"), [Length(max=40, message=_l("Shorten the name to 40 letters."))])
    may_search = BooleanField(_l("It may find people by name"))


class DecideForm(FlaskForm):
    """Only the buttons."""


class CountForm(FlaskForm):
    """The door without a script: a typed code, one adult or child more, or the undoing of the last scan."""

    token = HiddenField()
    scan_id = HiddenField()
    undoes = HiddenField()
    code = StringField(_l("The code on the card"), [Length(max=60)])


class HereForm(FlaskForm):
    """Who and how many the people are that mark themselves with one phone."""

    who = RadioField(_l("Who is here?"), [Optional()], validate_choice=False)
    code = StringField(_l("The code on the card"), [Length(max=60)])
    adults = IntegerField(_l("Adults"), [Optional(), NumberRange(0, MOST_HERE)])
    children = IntegerField(_l("Children"), [Optional(), NumberRange(0, MOST_HERE)])

    def ask(self, households: list[tuple[str, str | None]]) -> None:
        """Offer the households that the phone remembers (value, name), and another family."""
        known = [(value, name or str(_l("The card on this phone"))) for value, name in households]
        self.who.choices = [*known, (OTHERS, str(_l("Another family")))] if known else []

    @property
    def first_choice(self) -> str:
        """The first household that may mark itself; nothing where the phone remembers none."""
        choices = list(self.who.choices or [])
        return str(choices[0][0]) if choices else ""


class HeadcountForm(FlaskForm):
    """People who came without being scanned."""

    form_id = HiddenField()
    adults = IntegerField(_l("Adults"), [Optional(), NumberRange(0, MOST_HEADS, _l("Write a number, 0 or more."))])
    children = IntegerField(_l("Children"), [Optional(), NumberRange(0, MOST_HEADS, _l("Write a number, 0 or more."))])


class ClosingForm(FlaskForm):
    """How it went: another total with a reason, the languages, the partners, a note."""

    adults = IntegerField(
        _l("Adults in all"), [Optional(), NumberRange(0, MOST_HEADS, _l("Write a number, 0 or more."))]
    )
    children = IntegerField(
        _l("Children in all"), [Optional(), NumberRange(0, MOST_HEADS, _l("Write a number, 0 or more."))]
    )
    reason = SelectField(
        _l("Why does it differ?"),
        [Optional()],
        choices=[
            SelectChoice("", _l("Choose a reason")),
            SelectChoice("not_scanned", _l("Some came in without being scanned")),
            SelectChoice("scanned_twice", _l("Some were counted twice")),
            SelectChoice("no_phone", _l("The phone at the door did not work")),
            SelectChoice("other", _l("Another reason, see the note")),
        ],
    )
    language_support = SelectMultipleField(_l("Language support"), [Optional()])
    languages = SelectMultipleField(_l("Languages spoken"), [Optional()])
    partners = SelectMultipleField(_l("Associations that took part"), [Optional()])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=2000, message=_l("Shorten the note to 2000 letters."))])
