"""The form of a venue."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from integration.activities.forms.details import TextsForm, keep_texts
from integration.activities.models import Venue
from integration.activities.rules import VenueDetails
from integration.web.fields import line

TEXTS = ("name", "address", "directions")


class VenueForm(TextsForm):
    """What a place is called, where it is and how one gets in."""

    name_sv = line(_l("Name in Swedish"), 120)
    name_fi = line(_l("Name in Finnish"), 120)
    name_en = line(_l("Name in English"), 120)
    address_sv = line(_l("Street address in Swedish"), 200)
    address_fi = line(_l("Street address in Finnish"), 200)
    address_en = line(_l("Street address in English"), 200)
    directions_sv = line(_l("The way in, in Swedish"), 300)
    directions_fi = line(_l("The way in, in Finnish"), 300)
    directions_en = line(_l("The way in, in English"), 300)

    def show(self, venue: Venue) -> None:
        """Show what is written about the venue."""
        for name in TEXTS:
            self.show_texts(name, getattr(venue, name))

    def details(self, before: Venue | None = None) -> VenueDetails:
        """What was written, with the texts in other languages that the form does not show."""
        values = {name: keep_texts(self, getattr(before, name) if before else None, name) for name in TEXTS}
        return VenueDetails(**values)

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: a name in some language."""
        valid = bool(super().validate(extra_validators))
        if not self.texts("name"):
            self.add_error("name_sv", _("Write a name in at least one language."))
            valid = False
        return valid
