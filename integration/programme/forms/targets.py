"""What an indicator should reach, in every year or in one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from integration.programme import models
from integration.programme.forms.words import form_words, period_words
from integration.programme.models import IndicatorKind, TargetPeriod
from integration.programme.rules import PERIODS_IN_YEAR, YEARLY_STATE, TargetTerm, due_by, target_periods
from integration.web.fields import WholeNumber, between, given, may_be_empty, needed

MOST = 2_000_000_000


class TargetForm(FlaskForm):
    """A target for every year, or for one year; it takes the place of the one that was there."""

    year = SelectField(_l("In which year?"), validators=[may_be_empty()])
    form = SelectField(_l("What does it ask?"), validators=[needed(_l("Choose one of them."))])
    lower = WholeNumber(_l("Number"), [needed(_l("Write the number.")), between(0, MOST)])
    upper = WholeNumber(_l("At most, when it goes from one number to another"), [may_be_empty(), between(0, MOST)])
    period = SelectField(_l("How often?"), validators=[needed(_l("Choose one of them."))])
    planned = WholeNumber(_l("Planned weeks or months of the year"), [may_be_empty(), between(1, 53)])

    def ask(self, indicator: models.Indicator, years: Iterable[int]) -> None:
        """Offer what fits the indicator: a milestone has nothing but its year."""
        self.year.choices = [
            SelectChoice("", _("Every year")),
            *(SelectChoice(str(year), str(year)) for year in years),
        ]
        if indicator.kind is IndicatorKind.MILESTONE:
            for name in ("form", "lower", "upper", "period", "planned"):
                del self[name]
            return
        periods = period_words()
        self.form.choices = [SelectChoice(each.value, word) for each, word in form_words().items()]
        self.period.choices = [
            SelectChoice(each.value, periods[each]) for each in target_periods(indicator.measure) if each in periods
        ]
        if not any(each in PERIODS_IN_YEAR for each in target_periods(indicator.measure)):
            del self.planned

    def validate_upper(self, field: Any) -> None:
        """A range has two ends, in order."""
        if self.form.data != models.TargetForm.RANGE:
            return
        if field.data is None:
            raise ValidationError(_("Write at most how many."))
        if self.lower.data is not None and field.data < self.lower.data:
            raise ValidationError(_("This must not be less than the first number."))

    def validate_planned(self, field: Any) -> None:
        """A year has so many weeks or months."""
        most = PERIODS_IN_YEAR.get(TargetPeriod(self.period.data)) if self.period.data else None
        if field.data is not None and most is not None and field.data > most:
            raise ValidationError(_("The year has only %(most)s of them.", most=most))

    def target(self) -> TargetTerm:
        """What was typed."""
        year = int(self.year.data) if self.year.data else None
        if "lower" not in self:
            return YEARLY_STATE if year is None else due_by(year)
        form = models.TargetForm(self.form.data)
        upper = self.upper.data if form is models.TargetForm.RANGE else None
        planned = self.planned.data if "planned" in self else None
        return TargetTerm(year, form, TargetPeriod(self.period.data), given(self.lower.data), upper, planned)
