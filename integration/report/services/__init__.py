"""Verbs of report."""

from __future__ import annotations

from integration.report.services.assessing import assess
from integration.report.services.making import work_on_editions
from integration.report.services.publishing import (
    draft_of,
    files_of,
    freeze,
    keep_order,
    order_edition,
    prepare_edition,
)
from integration.report.services.writing import write_prose

__all__ = [
    "assess",
    "draft_of",
    "files_of",
    "freeze",
    "keep_order",
    "order_edition",
    "prepare_edition",
    "work_on_editions",
    "write_prose",
]
