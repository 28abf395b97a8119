"""An edition's making: what a report says in each language, and the files that say it."""

from __future__ import annotations

from integration.report.editions.content import Draft, report_content, report_years
from integration.report.editions.files import MadeFile, digest_of, edition_files, report_html, report_pdf
from integration.report.editions.manuscript import LANGUAGES, Manuscript, manuscript_of

__all__ = [
    "LANGUAGES",
    "Draft",
    "MadeFile",
    "Manuscript",
    "digest_of",
    "edition_files",
    "manuscript_of",
    "report_content",
    "report_html",
    "report_pdf",
    "report_years",
]
