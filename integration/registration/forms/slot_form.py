"""The forms of individual times: one books a time, one waits for one, one tends those that nobody has."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.i18n.languages import ENDONYMS, language
from integration.registration.forms.signing_up import SignUpForm


class SlotBookForm(SignUpForm):
    """A name to be called by; everything else is optional. It is for one person, so it asks for no numbers."""

    adults = None  # type: ignore[assignment]  # how a form leaves out a field of the one it builds on
    children = None  # type: ignore[assignment]
    children_0_6 = None  # type: ignore[assignment]
    children_7_12 = None  # type: ignore[assignment]
    children_13_17 = None  # type: ignore[assignment]


class SlotWaitForm(SlotBookForm):
    """The same of somebody who waits for a time: what the adviser has to speak comes first."""

    spoken = RadioField(_l("The adviser speaks"), default="")

    def offer(self, languages: Iterable[str]) -> None:
        """Let them choose among the languages of the session's advisers; one alone is no choice."""
        self.spoken.choices = [("", _("Any language")), *((code, language(code).name) for code in languages)]


class SlotsForm(FlaskForm):
    """Which times, and the language of the adviser there."""

    chosen = SelectMultipleField(_l("Free times"), coerce=int, validate_choice=False)
    spoken = SelectField(
        _l("The adviser speaks"),
        choices=[SelectChoice(code, name) for code, name in ENDONYMS.items()],
        default="sv",
    )
