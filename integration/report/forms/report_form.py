"""What the responsible party says of one indicator in one year: only what its kind asks."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, ValidationError
from wtforms.validators import URL

from integration.indicators.models import Report
from integration.indicators.rules import Said
from integration.kernel.clock import local_date, utc_now
from integration.programme.models import IndicatorKind
from integration.web.fields import Day, WholeNumber, between, line, lines, may_be_empty

MOST = 2_000_000_000


class ReportForm(FlaskForm):
    """A number, a share with its parts, or a date; a link, a file, a comment; or that nothing is expected."""

    not_applicable = BooleanField(_l("The meter does not apply this year"))
    value = WholeNumber(_l("Number"), [may_be_empty(), between(0, MOST)])
    numerator = WholeNumber(_l("How many"), [may_be_empty(), between(0, MOST)])
    denominator = WholeNumber(_l("Of how many"), [may_be_empty(), between(1, MOST)])
    reached_on = Day(_l("When was it reached?"), [may_be_empty()])
    link = line(
        _l("Link to evidence"), 500, may_be_empty(), URL(message=_l("Write the whole address, such as https://…"))
    )
    comment = lines(_l("Comment"), 2000, may_be_empty())
    evidence = FileField(_l("Attach a file"))

    def ask(self, kind: IndicatorKind, unit: str) -> None:
        """Leave out what an indicator of this kind and unit does not have."""
        share, milestone = unit == "share", kind is IndicatorKind.MILESTONE
        unasked = {"reached_on"} if not milestone else {"value", "numerator", "denominator"}
        unasked |= {"value"} if share else {"numerator", "denominator"}
        for name in unasked:
            del self[name]

    def validate_numerator(self, field: Any) -> None:
        """A part is a part of something, and not larger than it."""
        whole = self.denominator.data
        if field.data is not None and whole is None and not self.denominator.errors:
            raise ValidationError(_("Write of how many."))
        if field.data is not None and whole is not None and field.data > whole:
            raise ValidationError(_("The part cannot be larger than the whole."))

    def validate_reached_on(self, field: Any) -> None:
        """What has been reached lies behind us."""
        if field.data and field.data > local_date(utc_now()):
            raise ValidationError(_("Write a date that has been."))

    def said(self) -> Said:
        """What was typed."""
        if self.not_applicable.data:
            return Said(applies=False, link=self.link.data or None, comment=self.comment.data or None)
        return Said(
            **{name: self[name].data for name in ("value", "numerator", "denominator", "reached_on") if name in self},
            link=self.link.data or None,
            comment=self.comment.data or None,
        )

    @classmethod
    def filled_from(cls, report: Report | None) -> ReportForm:
        """The form as it was last kept."""
        if report is None:
            return cls()
        names = ("value", "numerator", "denominator", "reached_on", "link", "comment")
        return cls(not_applicable=not report.applies, **{name: getattr(report, name) for name in names})


class StepForm(FlaskForm):
    """A step of the council; reopening says why."""

    reason = line(_l("Why is it opened again?"), 500, may_be_empty())


class LockForm(FlaskForm):
    """Locking a year as a whole; what is missing may be locked without a figure, with the council's reason."""

    missing_too = BooleanField(_l("Lock what is missing as “not reported”"))
    reason = line(_l("Why is it locked without a figure?"), 500, may_be_empty())
