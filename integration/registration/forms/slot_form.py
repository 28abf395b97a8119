"""The forms of individual times: one books a time, the other tends those that nobody has."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.i18n.languages import ENDONYMS
from integration.registration.forms.signing_up import SignUpForm


class SlotBookForm(SignUpForm):
    """A name to be called by; everything else is optional. It is for one person, so it asks for no numbers."""

    adults = None  # type: ignore[assignment]  # how a form leaves out a field of the one it builds on
    children = None  # type: ignore[assignment]
    children_0_6 = None  # type: ignore[assignment]
    children_7_12 = None  # type: ignore[assignment]
    children_13_17 = None  # type: ignore[assignment]


class SlotsForm(FlaskForm):
    """Which times, and the language of the adviser there."""

    chosen = SelectMultipleField(_l("Free times"), coerce=int, validate_choice=False)
    spoken = SelectField(
        _l("The adviser speaks"),
        choices=[SelectChoice(code, name) for code, name in ENDONYMS.items()],
        default="sv",
    )
