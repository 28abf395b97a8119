"""The forms of the organiser's list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import ValidationError

from integration.activities.models import Session
from integration.i18n.dates import clock, day
from integration.i18n.languages import ENDONYMS
from integration.registration.forms.signing_up import SignUpForm, tidy
from integration.registration.rules import forbidden_characters

MESSAGE_LENGTH = 600
WAIT, BEYOND = "wait", "beyond"


class AddForm(SignUpForm):
    """A household that has rung or stands at the desk: never filled in from before."""

    language = SelectField(_l("Language of the messages to them"))
    then = StringField()

    def ask_for(self, session: Session, languages: tuple[str, ...]) -> None:
        """Adapt the form to the activity, and to the languages that the site speaks."""
        self.language.choices = [SelectChoice(code, ENDONYMS.get(code, code)) for code in languages]
        self.asks_age_groups = session.activity.asks_age_groups
        if not self.asks_age_groups:
            del self.children_0_6, self.children_7_12, self.children_13_17

    @property
    def may_wait(self) -> bool:
        """Whether they join the queue where there is no room."""
        return self.then.data == WAIT

    @property
    def beyond(self) -> bool:
        """Whether staff take them in although there is no room."""
        return self.then.data == BEYOND


class PeopleForm(SignUpForm):
    """For how many a household has places."""

    form_token = None  # type: ignore[assignment]  # how a form leaves out a field of the one it builds on
    name = None  # type: ignore[assignment]
    phone = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]
    help = None  # type: ignore[assignment]

    def ask_for(self, session: Session) -> None:
        """Adapt the form to the activity."""
        self.asks_age_groups = session.activity.asks_age_groups
        if not self.asks_age_groups:
            del self.children_0_6, self.children_7_12, self.children_13_17


class MoveForm(FlaskForm):
    """To which date a household moves."""

    to = RadioField(_l("To which date?"), coerce=str, validate_choice=False)
    then = StringField()

    def offer(self, sessions: list[Session]) -> None:
        """The dates that there are, and how each stands."""
        self.to.choices = [
            (each.key, f"{day(each.starts_at)} {clock(each.starts_at)}, {_room(each)}") for each in sessions
        ]

    def validate_to(self, field: RadioField) -> None:
        """One of the dates that were offered."""
        if field.data not in [each[0] for each in field.choices or []]:
            raise ValidationError(_("Choose a date."))


class CancelPlacesForm(FlaskForm):
    """Whether a message tells the household."""

    told = RadioField(
        _l("Shall we tell them?"),
        choices=[
            SelectChoice("yes", _l("Yes, send a message")),
            SelectChoice("no", _l("No, they know already")),
        ],
        default="yes",
    )


class MessageForm(FlaskForm):
    """What all who come are told, in one language or more."""

    sv = TextAreaField("Svenska", filters=[tidy])
    fi = TextAreaField("Suomi", filters=[tidy])
    en = TextAreaField("English", filters=[tidy])
    more = TextAreaField(filters=[tidy])
    more_language = SelectField(_l("Another language"), validate_choice=False)
    seen = HiddenField()

    def offer(self, others: list[tuple[str, str]]) -> None:
        """The languages besides, which somebody of those who come reads."""
        if others:
            self.more_language.choices = [SelectChoice(code, name) for code, name in others]
        else:
            del self.more, self.more_language

    def texts(self) -> dict[str, str]:
        """What was written, by language."""
        written = {code: self[code].data for code in ("sv", "fi", "en")}
        if self.more and self.more_language.data:
            written[self.more_language.data] = self.more.data
        return {code: text for code, text in written.items() if text}

    def validate(self, extra_validators: Any = None) -> bool:
        """Something must be written, and all of it readable."""
        valid = bool(super().validate(extra_validators))
        if not self.texts():
            self.sv.errors = [_("Write the message in at least one language.")]
            return False
        for code in ("sv", "fi", "en", "more"):
            if code in self and not _is_fine(self[code]):
                valid = False
        return valid


class SearchForm(FlaskForm):
    """Words to find somebody by; sent, not asked for by address, so that no name stands in a log."""

    words = StringField(_l("Find"), filters=[tidy])


def _is_fine(field: Any) -> bool:
    text = field.data or ""
    if len(text) > MESSAGE_LENGTH:
        field.errors = [_("The text is too long. Write at most %(most)s characters.", most=MESSAGE_LENGTH)]
        return False
    if forbidden_characters(text, lines=True):
        field.errors = [_("The text has characters that cannot be shown. Take them out and send it again.")]
        return False
    return True


def _room(session: Session) -> str:
    places = session.places
    if places.capacity is None:
        return str(_("no limit"))
    left = max(0, places.capacity - places.taken - places.offered) if not places.waiting else 0
    return str(_("full") if not left else _("%(left)s of %(all)s places left", left=left, all=places.capacity))


__all__ = [
    "AddForm",
    "CancelPlacesForm",
    "MessageForm",
    "MoveForm",
    "PeopleForm",
    "SearchForm",
]
