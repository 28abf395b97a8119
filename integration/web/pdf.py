"""PDFs from our own typst sources in ``templates/pdf/``: tagged (PDF/UA-1), in any language the fonts can write.

What people wrote travels as JSON and is set as text; nothing of it is ever read as markup. The same input gives the
same bytes, so that a report can be proven to be the one that was published.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from integration.i18n.languages import language as language_of
from integration.kernel.lazy import Later

if TYPE_CHECKING:
    import typst
else:
    typst = Later("typst")

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "templates"
FONTS = ROOT / "fonts"
STATIC = ROOT / "integration" / "static"
STANDARD: Final = "ua-1"
UNWRITTEN = frozenset({"zh"})
"""Languages whose letters are in none of the fonts that the set-up brings: Chinese alone outweighs them all."""

_TOKEN = re.compile(r"--([a-z0-9-]+):(#[0-9A-Fa-f]{6});")


def make_pdf(template: str, data: Mapping[str, Any], language: str) -> bytes:
    """The PDF of a template, such as ``pdf/poster.typ``, in a language.

    ``data`` holds finished texts; its ``title`` names the document and its ``made_at`` (UTC-aware) is the only time
    in it. A text in another language than the document's is a ``spoken`` one.
    """
    made_at: datetime = data["made_at"]
    head = {"lang": language, "dir": language_of(language).direction}
    texts = {name: value for name, value in data.items() if name != "made_at"}
    compiler = typst.Compiler(
        SOURCES / template,
        root=SOURCES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**texts, **head}), **_look()},
    )
    moment = int(made_at.timestamp())
    try:
        made = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=moment)
    except typst.TypstError:
        # A name with a letter that no font has may not call itself PDF/UA. On paper all the same: with a box for it.
        made = compiler.compile(format="pdf", timestamp=moment)
    return cast(bytes, made)


def spoken(text: str, code: str) -> dict[str, str]:
    """A text that says in which language it is (WCAG 3.1.2)."""
    return {"text": text, "lang": code, "dir": language_of(code).direction}


def can_write(code: str) -> bool:
    """Whether the fonts hold the letters of a language."""
    return code not in UNWRITTEN


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that the set-up brought: the machine's own would make other bytes elsewhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def colours_by_day() -> dict[str, str]:
    """The look's tokens as #RRGGBB by name; by day, for paper is light."""
    by_day = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    return dict(_TOKEN.findall(by_day))


@cache
def _look() -> dict[str, str]:
    wordmark = (STATIC / "img" / "wordmark.svg").read_text(encoding="utf-8")
    return {"look": json.dumps(colours_by_day()), "wordmark": wordmark}
