"""The files of an edition: page and PDF in each language, workbook, CSV and JSON, all from the same figures."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from integration.i18n.speaking import speaking
from integration.kernel.lazy import Later
from integration.report.editions.content import Draft, report_content
from integration.report.editions.manuscript import Manuscript
from integration.report.open_data import COLUMNS, csv_text, field_text
from integration.web.application import rendered
from integration.web.pdf import make_pdf

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Later("xlsxwriter")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class MadeFile:
    """A file with its content, not kept yet."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


def edition_files(manuscript: Manuscript) -> list[MadeFile]:
    """Everything that is published, in the order of names. Takes seconds; the same manuscript gives the same bytes."""
    stem = manuscript.stem
    made = [
        MadeFile(f"{stem}.csv", "text/csv; charset=utf-8", ("\ufeff" + csv_text(iter(manuscript.rows))).encode()),
        MadeFile(f"{stem}.json", "application/json", _json(manuscript.document)),
    ]
    for code, words in manuscript.words.items():
        made += [
            MadeFile(f"{stem}-{code}.html", "text/html; charset=utf-8", _html(words, code)),
            MadeFile(f"{stem}-{code}.pdf", "application/pdf", _pdf(words, manuscript.made_at, code)),
            MadeFile(f"{stem}-{code}.xlsx", XLSX, _workbook(manuscript, code)),
        ]
    return sorted(made, key=lambda each: each.name)


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """An edition's digest: SHA-256 of the lines ``digest  name`` that ``sha256sum`` writes, in the order of names."""
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def report_pdf(draft: Draft, code: str) -> bytes:
    """The report as tagged PDF."""
    with speaking(code):
        return _pdf(report_content(draft, code), draft.made_at, code)


def report_html(draft: Draft, code: str) -> bytes:
    """The report as one page that needs nothing but itself."""
    with speaking(code):
        return _html(report_content(draft, code), code)


def _pdf(words: dict[str, Any], made_at: datetime, code: str) -> bytes:
    return make_pdf("pdf/report.typ", {**words, "made_at": made_at.replace(microsecond=0)}, code)


def _html(words: dict[str, Any], code: str) -> bytes:
    """The charts are markup of our own, which they do not say any more once they have been kept."""
    domains = [
        {**domain, "goals": [{**goal, "lines": [_drawn(line) for line in goal["lines"]]} for goal in domain["goals"]]}
        for domain in words["domains"]
    ]
    return rendered("report/edition_page.html", report={**words, "domains": domains}, code=code).encode()


def _drawn(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "chart": Markup(line["chart"])}  # noqa: S704 - escaped where it was drawn


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _workbook(manuscript: Manuscript, code: str) -> bytes:
    """Three sheets: every figure as in the CSV, the sessions' sums, and what is missing. No cell is ever a formula."""
    content = manuscript.words[code]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": content["title"], "created": manuscript.made_at.replace(tzinfo=None, microsecond=0)})
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    figures = ([field_text(row, name, raw=True) for name in COLUMNS] for row in manuscript.rows)
    words = content["words"]
    tables: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]] = (
        (words["sheets"][0], COLUMNS, figures),
        (words["sheets"][1], content["totals"]["head"], content["totals"]["rows"]),
        (words["sheets"][2], (words["owner"], words["measure"], words["years"]), content["missing"]),
    )
    for name, columns, rows in tables:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for row, values in enumerate((columns, *rows)):
            for column, value in enumerate(values):
                _write(sheet, row, column, value, None if row else head)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, style)
    elif value not in (None, ""):
        sheet.write_string(row, column, str(value), style)
