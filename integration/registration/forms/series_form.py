"""The form of a series: who comes, and to which of its dates."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError

from integration.registration.forms.signing_up import SignUpForm


class SeriesForm(SignUpForm):
    """The sign-up form with the dates: all of them are ticked, until some are dropped."""

    dates = SelectMultipleField(_l("The dates"), validate_choice=False)

    def validate_dates(self, field: SelectMultipleField) -> None:
        """At least one of them."""
        if not field.data:
            raise ValidationError(_("Keep at least one date."))
