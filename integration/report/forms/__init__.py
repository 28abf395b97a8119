"""Forms of report."""

from __future__ import annotations

from integration.report.forms.assessment_form import AssessmentForm
from integration.report.forms.prose_form import ProseForm, PublishForm
from integration.report.forms.report_form import LockForm, ReportForm, StepForm
from integration.report.forms.succession_form import SuccessionForm

__all__ = ["AssessmentForm", "LockForm", "ProseForm", "PublishForm", "ReportForm", "StepForm", "SuccessionForm"]
