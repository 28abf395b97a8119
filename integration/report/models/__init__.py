"""The tables of report."""

from __future__ import annotations

from integration.report.models.assessments import ActionStatus, Assessment, MeterVerdict, NextStep
from integration.report.models.editions import Edition, EditionFile, EditionOrder, ReportKind, ReportText
from integration.report.models.reminders import OwnerReminder

__all__ = [
    "ActionStatus",
    "Assessment",
    "Edition",
    "EditionFile",
    "EditionOrder",
    "MeterVerdict",
    "NextStep",
    "OwnerReminder",
    "ReportKind",
    "ReportText",
]
