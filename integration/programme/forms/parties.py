"""Who answers for an action, and who takes part in it, between which dates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.programme.forms.words import part_words
from integration.programme.models import Part
from integration.programme.rules import PartyTerm
from integration.web.fields import Day, given, may_be_empty, needed


def offered(organisations: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    """Organisations to choose one from, the first empty: nobody is chosen by oversight."""
    return [SelectChoice("", "–"), *(SelectChoice(str(number), name) for number, name in organisations)]


class PartyForm(FlaskForm):
    """One more party; it may take over from who had the same part."""

    organisation = SelectField(_l("Organisation"), validators=[needed(_l("Choose an organisation."))])
    part = RadioField(_l("What does it do?"), validators=[needed(_l("Choose one of them."))])
    starts_on = Day(_l("From"), [needed(_l("Write the date."))])
    ends_on = Day(_l("Until"), [may_be_empty()])
    takes_over = BooleanField(_l("It takes over: the others' part ends the day before"))

    def offer(self, organisations: Iterable[tuple[int, str]]) -> None:
        """Fill the choices."""
        self.organisation.choices = offered(organisations)
        self.part.choices = [SelectChoice(each.value, word) for each, word in part_words().items()]

    def validate_ends_on(self, field: Any) -> None:
        """What ends does so after it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Write a date that is not before the first one."))

    def party(self) -> PartyTerm:
        """What was typed."""
        starts_on = given(self.starts_on.data)
        return PartyTerm(int(self.organisation.data), Part(self.part.data), starts_on, self.ends_on.data)


class EndPartyForm(FlaskForm):
    """The last day of a part."""

    ends_on = Day(_l("Last day"), [needed(_l("Write the date."))])
