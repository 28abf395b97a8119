"""Verbs of report."""

from __future__ import annotations

from integration.report.services.assessing import assess

__all__ = ["assess"]
