"""The form of a pause: who rests, from when to when, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, ValidationError

from integration.activities.models import Activity
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.kernel.database import Texts
from integration.web.fields import Day, line, needed


class PauseForm(FlaskForm):
    """School holidays, summer: the same days for as many activities as rest then."""

    activities = SelectMultipleField(_l("Which activities rest?"), coerce=int)
    starts_on = Day(_l("First day of the pause"), [needed(_l("Write the date."))])
    ends_on = Day(_l("Last day of the pause"), [needed(_l("Write the date."))])
    reason_sv = line(_l("Why, in Swedish"), 120)
    reason_fi = line(_l("Why, in Finnish"), 120)

    def offer(self, activities: Iterable[Activity]) -> None:
        """Fill the list of activities."""
        self.activities.choices = [(each.id, localize(each.title, current_code()).text) for each in activities]

    def validate_activities(self, field: Any) -> None:
        """Somebody rests."""
        if not field.data and not field.errors:
            raise ValidationError(_("Choose at least one activity."))

    def validate_ends_on(self, field: Any) -> None:
        """A pause ends after it begins."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last date must not be before the first."))

    def reason(self) -> Texts:
        """What was written."""
        written = {"sv": self.reason_sv.data or "", "fi": self.reason_fi.data or ""}
        return {code: text for code, text in written.items() if text}
