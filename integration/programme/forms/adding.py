"""Adding to a programme: a goal, an action with who answers for it, a meter, an indicator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.programme.forms.parties import offered
from integration.programme.forms.rows import WRITE_IT, TextsForm, YearsForm
from integration.programme.forms.words import kind_words, measure_words, unit_words
from integration.programme.models import IndicatorKind, Measure, Part
from integration.programme.rules import UNITS, NewIndicator, PartyTerm
from integration.web.fields import Day, WholeNumber, between, given, line, lines, may_be_empty, needed

UNITS_WITHOUT_NUMBERS = {IndicatorKind.MILESTONE: "milestone", IndicatorKind.EXTERNAL: "link"}


class AddGoalForm(TextsForm):
    """A goal's name."""

    title_sv = line(_l("Name in Swedish"), 500, needed(WRITE_IT))
    title_fi = line(_l("Name in Finnish"), 500, needed(WRITE_IT))
    title_en = line(_l("Name in English"), 500)


class AddActionForm(YearsForm):
    """An action, its years, and who answers for it from which day on."""

    ongoing = BooleanField(_l("It goes on all the time"))
    organisation = SelectField(_l("Who answers for it?"), validators=[needed(_l("Choose who answers for it."))])
    starts_on = Day(_l("From"), [needed(_l("Write the date."))])
    ends_on = Day(_l("Until"), [may_be_empty()])

    def offer(self, organisations: Iterable[tuple[int, str]]) -> None:
        """Fill the list of organisations."""
        self.organisation.choices = offered(organisations)

    def validate_ends_on(self, field: Any) -> None:
        """What ends does so after it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("Write a date that is not before the first one."))

    def party(self) -> PartyTerm:
        """Who answers for it."""
        starts_on = given(self.starts_on.data)
        return PartyTerm(int(self.organisation.data), Part.RESPONSIBLE, starts_on, self.ends_on.data)


class AddIndicatorForm(YearsForm):
    """A figure a year, of one of four kinds."""

    kind = RadioField(_l("How does the figure come about?"), validators=[needed(_l("Choose one of them."))])
    measure = SelectField(_l("What is counted, of sessions"), validators=[may_be_empty()])
    unit = SelectField(_l("What is reported, of a number"), validators=[may_be_empty()])
    due = WholeNumber(_l("Reached by the end of which year?"), [may_be_empty(), between(2000, 2100)])

    def offer(self) -> None:
        """Fill the choices."""
        self.kind.choices = [SelectChoice(each.value, word) for each, word in kind_words().items()]
        self.measure.choices = [SelectChoice(each.value, word) for each, word in measure_words().items()]
        self.unit.choices = [SelectChoice(each, word) for each, word in unit_words().items()]

    def validate_due(self, field: Any) -> None:
        """A milestone is due in a year in which it is asked about."""
        first, last = self.first_year.data, self.last_year.data
        if field.data is not None and first is not None and last is not None and not first <= field.data <= last:
            raise ValidationError(_("Choose a year between the first and the last."))

    def indicator(self) -> NewIndicator:
        """What was typed."""
        kind = IndicatorKind(self.kind.data)
        measure = Measure(self.measure.data) if kind is IndicatorKind.COMPUTED else None
        unit = UNITS[measure][0] if measure else UNITS_WITHOUT_NUMBERS.get(kind, self.unit.data or "count")
        return NewIndicator(
            title=self.texts("title"),
            kind=kind,
            measure=measure,
            unit=unit,
            first_year=given(self.first_year.data),
            last_year=given(self.last_year.data),
            due=self.due.data if kind is IndicatorKind.MILESTONE else None,
        )


class AddLineForm(AddIndicatorForm):
    """A meter: the programme's words about it, and its first indicator."""

    text_sv = lines(_l("The programme's words in Swedish"), 1000, needed(WRITE_IT))
    text_fi = lines(_l("The programme's words in Finnish"), 1000, needed(WRITE_IT))
    text_en = lines(_l("The programme's words in English"), 1000)
