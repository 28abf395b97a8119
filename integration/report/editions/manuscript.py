"""A manuscript: what an edition says, read at one moment and kept until its files are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integration.i18n.speaking import speaking
from integration.report.editions.content import Draft, report_content
from integration.report.open_data import open_document, open_rows

LANGUAGES = ("sv", "fi", "en")


@dataclass(frozen=True)
class Manuscript:
    """Finished words and numbers, all of one moment. It survives being kept as JSON: the same files come of it."""

    stem: str
    """What the names of all its files begin with."""
    made_at: datetime
    words: dict[str, dict[str, Any]]
    """Language > what the report says in it."""
    rows: list[dict[str, Any]]
    """One per indicator and year, up to the report's own."""
    document: dict[str, Any]
    """The same as open JSON."""

    def kept(self) -> dict[str, Any]:
        """As JSON can hold it; the moment is kept beside it."""
        return {name: value for name, value in vars(self).items() if name != "made_at"}


def manuscript_of(draft: Draft) -> Manuscript:
    """What this draft says in every language in which reports are published."""
    words = {}
    for code in LANGUAGES:
        with speaking(code):
            words[code] = report_content(draft, code)
    return Manuscript(
        stem=f"{draft.programme.slug}-{draft.kind.value}-{draft.year}",
        made_at=draft.made_at,
        words=words,
        rows=[row for row in open_rows(draft.programme, draft.figures) if row["year"] <= draft.year],
        document=_document(draft),
    )


def _document(draft: Draft) -> dict[str, Any]:
    document = open_document(draft.programme, draft.figures)
    for each in document["indicators"]:
        each["years"] = [year for year in each["years"] if year["year"] <= draft.year]
    document["report"] = {"kind": draft.kind.value, "year": draft.year, "edition": draft.number}
    return document
