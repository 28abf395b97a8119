"""The form that makes a session's individual times in one step."""

from __future__ import annotations

from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from integration.activities.forms.words import listed
from integration.activities.rules import LONGEST, MOST_DESKS, SHORTEST
from integration.i18n.languages import ENDONYMS
from integration.web.fields import ClockTime, WholeNumber, between, needed


def _desk(number: int) -> SelectField:
    return SelectField(_l("Language at desk %(number)s", number=number), default="")


class SlotForm(FlaskForm):
    """How long each time is, the first and the last of them, and who speaks what at which desk."""

    minutes = WholeNumber(
        _l("How long is one time, in minutes"),
        [needed(_l("Write how many minutes one time lasts.")), between(SHORTEST, LONGEST)],
        default=20,
    )
    first_at = ClockTime(_l("The first time begins at"), [needed(_l("Write when the first time begins."))])
    last_at = ClockTime(_l("The last time begins at"), [needed(_l("Write when the last time begins."))])
    desk_1, desk_2, desk_3 = _desk(1), _desk(2), _desk(3)
    desk_4, desk_5, desk_6 = _desk(4), _desk(5), _desk(6)
    coming_too = BooleanField(_l("The same times at the activity's other sessions to come that have none yet"))

    def offer(self) -> None:
        """Fill the lists of languages."""
        for field in self.desks():
            field.choices = listed([("", _("No desk")), *ENDONYMS.items()])

    def desks(self) -> list[Any]:
        """The fields of the desks, in their order."""
        return [self[f"desk_{number}"] for number in range(1, MOST_DESKS + 1)]

    def languages(self) -> tuple[str, ...]:
        """The language at each desk that there is."""
        return tuple(field.data for field in self.desks() if field.data)

    def suggest(self, starts: time, language: str) -> None:
        """What stands in the form before anybody types."""
        self.first_at.data = starts
        self.desk_1.data = language

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: a last time not before the first, and a desk."""
        valid = bool(super().validate(extra_validators))
        if self.first_at.data and self.last_at.data and self.last_at.data < self.first_at.data:
            self.last_at.errors = [_("The last time must not begin before the first.")]
            valid = False
        if not self.languages():
            self.desk_1.errors = [_("Choose a language for at least one desk.")]
            valid = False
        return valid
