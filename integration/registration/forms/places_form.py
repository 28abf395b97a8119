"""How many come, changed by the household itself."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import ValidationError

from integration.registration.forms.signing_up import CountField, count_field
from integration.registration.models import Registration
from integration.registration.rules import MOST_PEOPLE, People


class PlacesForm(FlaskForm):
    """The steppers of signing up, filled with who comes now."""

    registration = HiddenField()
    adults = count_field(_l("How many adults?"))
    children = count_field(_l("How many children?"))
    children_0_6 = count_field(_l("Children aged 0–6"))
    children_7_12 = count_field(_l("Children aged 7–12"))
    children_13_17 = count_field(_l("Children aged 13–17"))

    asks_age_groups = False

    def ask(self, registration: Registration, *, age_groups: bool) -> None:
        """Ask for age groups where they are known of all the children; begin with who comes now."""
        known = registration.children_0_6 + registration.children_7_12 + registration.children_13_17
        self.asks_age_groups = age_groups and known == registration.children
        if self.asks_age_groups:
            del self.children
        else:
            del self.children_0_6, self.children_7_12, self.children_13_17
        if self.is_submitted():
            return
        for field in self:
            if isinstance(field, CountField):
                field.data = getattr(registration, field.name)

    def people(self) -> People:
        """Who comes, as far as the answers are numbers."""
        adults = self.adults.data or 0
        if self.asks_age_groups:
            groups = (self.children_0_6.data, self.children_7_12.data, self.children_13_17.data)
            return People.by_age(adults, *(count or 0 for count in groups))
        return People(adults, self.children.data or 0)

    def validate_adults(self, _field: CountField) -> None:
        """Somebody comes, and no more than one sign-up takes."""
        numbers = [each.data for each in self if isinstance(each, CountField)]
        if all(number is not None and 0 <= number <= MOST_PEOPLE for number in numbers) and not self.people().total:
            raise ValidationError(_("Is nobody coming? Then cancel your places instead."))
        if all(number is not None for number in numbers) and self.people().total > MOST_PEOPLE:
            raise ValidationError(_("Choose 1 to 12 people in all. Are you more? Ring us."))
