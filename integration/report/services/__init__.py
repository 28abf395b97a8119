"""Verbs of report."""

from __future__ import annotations

from integration.report.services.assessing import assess
from integration.report.services.publishing import draft_of, publish, write_prose

__all__ = ["assess", "draft_of", "publish", "write_prose"]
