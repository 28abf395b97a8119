"""The form of an activity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField

from integration.activities.forms.details import DetailsForm, by_name, keep_texts
from integration.activities.forms.words import ICONS, MARKS, choices, listed
from integration.activities.rules import ActivityDetails, Serves
from integration.i18n.routing import current_code
from integration.i18n.texts import localize
from integration.organisations.models import Organisation
from integration.programme.models import Action
from integration.web.fields import Day, given

BLANK_ROWS = 2
MOST_ROWS = 40


class ServesForm(Form):
    """One action that the activity serves, between two dates."""

    action_id = SelectField(_l("Action"), coerce=int, default=0)
    starts_on = Day(_l("From"))
    ends_on = Day(_l("Until"))


class ActivityForm(DetailsForm):
    """Everything that staff write down about an activity."""

    organisation_id = SelectField(_l("Who arranges it?"), coerce=int)
    mark = SelectField(_l("Domain that gives the colour"), choices=choices(MARKS))
    icon = SelectField(_l("Picture"), choices=choices(ICONS))
    asks_age_groups = BooleanField(_l("Ask the children's ages: 0–6, 7–12, 13–17"))
    series = BooleanField(_l("A series: families may sign up for all the dates at once"))
    serves = FieldList(FormField(ServesForm), _l("Actions of the programme that it serves"), max_entries=MOST_ROWS)
    coming_too = BooleanField(_l("Change the sessions to come as well, unless they have something of their own"))

    def offer_actions(self, actions: Sequence[Action], organisations: Iterable[Organisation]) -> None:
        """Fill the lists of actions and organisations, and leave room for more actions."""
        while len(self.serves) < MOST_ROWS and self._blank_rows() < BLANK_ROWS:
            self.serves.append_entry()
        names = [(each.id, f"{each.number} {localize(each.title, current_code()).text}") for each in actions]
        for row in self.serves:
            row.form.action_id.choices = listed([(0, "–"), *names])
        if self.organisation_id:
            self.organisation_id.choices = by_name((each.id, each.name) for each in organisations)

    def show(self, details: ActivityDetails) -> None:
        """Show what the activity is like now; call before the lists are filled."""
        self.show_details(details)
        for name in ("mark", "icon", "asks_age_groups", "series"):
            self[name].data = getattr(details, name)
        self.minutes.data = details.duration_minutes
        for each in sorted(details.serves, key=lambda item: (item.starts_on, item.action_id)):
            self.serves.append_entry(vars(each))

    def details(self, before: ActivityDetails | None = None) -> ActivityDetails:
        """What was written, with the texts in other languages that the form does not show."""
        values: dict[str, Any] = self.detail_values()
        for name in ("title", "description", "contact_role"):
            values[name] = keep_texts(self, getattr(before, name) if before else None, name)
        return ActivityDetails(
            **values,
            mark=self.mark.data,
            icon=self.icon.data,
            duration_minutes=given(self.minutes.data),
            asks_age_groups=bool(self.asks_age_groups.data),
            series=bool(self.series.data),
            serves=self._serves(),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: a title in some language, and whole rows of actions."""
        valid = bool(super().validate(extra_validators))
        if not self.texts("title"):
            self.add_error("title_sv", _("Write a title in at least one language."))
            valid = False
        words = self._wrong_row()
        if words or self.serves.errors:
            self.serves.errors = [words or _("Write the dates like this: 24.11.2026.")]
            valid = False
        return valid

    def _wrong_row(self) -> str | None:
        for row in self.serves:
            chosen, starts_on, ends_on = row.form.action_id.data, row.form.starts_on.data, row.form.ends_on.data
            if chosen and not starts_on and not row.form.starts_on.errors:
                return str(_("Write from which date the activity serves the action."))
            if starts_on and ends_on and ends_on < starts_on:
                return str(_("The last date must not be before the first."))
        return None

    def _serves(self) -> frozenset[Serves]:
        return frozenset(
            Serves(row.form.action_id.data, given(row.form.starts_on.data), row.form.ends_on.data)
            for row in self.serves
            if row.form.action_id.data
        )

    def _blank_rows(self) -> int:
        return sum(1 for row in self.serves if not row.form.action_id.data)
