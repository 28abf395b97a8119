"""Forms of report."""

from __future__ import annotations

from integration.report.forms.assessment_form import AssessmentForm
from integration.report.forms.report_form import ReportForm, StepForm

__all__ = ["AssessmentForm", "ReportForm", "StepForm"]
