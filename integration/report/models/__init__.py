"""The tables of report."""

from __future__ import annotations

from integration.report.models.assessments import ActionStatus, Assessment, MeterVerdict, NextStep

__all__ = ["ActionStatus", "Assessment", "MeterVerdict", "NextStep"]
