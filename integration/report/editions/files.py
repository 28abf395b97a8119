"""The files of an edition: page and PDF in each language, workbook, CSV and JSON, all from the same figures."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from integration.i18n.speaking import gettext as _
from integration.i18n.speaking import speaking
from integration.report.editions.content import Draft, report_content
from integration.report.open_data import COLUMNS, csv_text, field_text, open_document, open_rows
from integration.web.application import rendered
from integration.web.pdf import make_pdf

LANGUAGES = ("sv", "fi", "en")
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


def edition_files(draft: Draft) -> list[MadeFile]:
    """Everything that is published, in the order of names."""
    stem = f"{draft.programme.slug}-{draft.kind.value}-{draft.year}"
    made = [
        MadeFile(f"{stem}.csv", "text/csv; charset=utf-8", _csv(draft)),
        MadeFile(f"{stem}.json", "application/json", _json(draft)),
    ]
    for code in LANGUAGES:
        made += [
            MadeFile(f"{stem}-{code}.html", "text/html; charset=utf-8", report_html(draft, code)),
            MadeFile(f"{stem}-{code}.pdf", "application/pdf", report_pdf(draft, code)),
            MadeFile(f"{stem}-{code}.xlsx", XLSX, _workbook(draft, code)),
        ]
    return sorted(made, key=lambda each: each.name)


def digest_of(files: Iterable[tuple[str, str]]) -> str:
    """An edition's digest: SHA-256 of the lines ``digest  name`` that ``sha256sum`` writes, in the order of names."""
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def report_pdf(draft: Draft, code: str) -> bytes:
    """The report as tagged PDF."""
    with speaking(code):
        content = report_content(draft, code)
    return make_pdf("pdf/report.typ", {**content, "made_at": draft.made_at.replace(microsecond=0)}, code)


def report_html(draft: Draft, code: str) -> bytes:
    """The report as one page that needs nothing but itself."""
    with speaking(code):
        page = rendered("report/edition_page.html", report=report_content(draft, code), code=code)
    return page.encode()


def _csv(draft: Draft) -> bytes:
    return ("\ufeff" + csv_text(_rows(draft))).encode()


def _json(draft: Draft) -> bytes:
    document = open_document(draft.programme, draft.figures)
    for each in document["indicators"]:
        each["years"] = [year for year in each["years"] if year["year"] <= draft.year]
    document["report"] = {"kind": draft.kind.value, "year": draft.year, "edition": draft.number}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _rows(draft: Draft) -> Iterator[dict[str, Any]]:
    return (row for row in open_rows(draft.programme, draft.figures) if row["year"] <= draft.year)


def _workbook(draft: Draft, code: str) -> bytes:
    """Three sheets: every figure as in the CSV, the sessions' sums, and what is missing. No cell is ever a formula."""
    with speaking(code):
        content = report_content(draft, code)
        names = (_("Figures"), _("Sums"), _("Missing"))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": content["title"], "created": draft.made_at.replace(tzinfo=None, microsecond=0)})
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    figures = ([field_text(row, name, raw=True) for name in COLUMNS] for row in _rows(draft))
    words = content["words"]
    tables: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]] = (
        (names[0], COLUMNS, figures),
        (names[1], content["totals"]["head"], content["totals"]["rows"]),
        (names[2], (words["owner"], words["measure"], words["years"]), content["missing"]),
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
